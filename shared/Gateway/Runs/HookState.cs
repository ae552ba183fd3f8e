namespace OpenClaw.Gateway.Runs;

/// <summary>How a hook does.</summary>
/// <param name="Name"><c>wake</c>, <c>agent</c>, or a mapping's id or path.</param>
public sealed record HookState(string Name)
{
    /// <summary>In place of a hook: calls that were not proven, of all hooks.</summary>
    internal const string Refused = "";

    /// <summary>Calls that were accepted.</summary>
    public long Calls { get; init; }

    public DateTimeOffset? LastCallAt { get; init; }

    /// <summary>Proven calls that were answered with an error.</summary>
    public long Failures { get; init; }

    /// <summary>The code of the last such error.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>This state, and what another one counted.</summary>
    internal HookState Plus(HookState other)
    {
        var isOthers = LastErrorAt is null || other.LastErrorAt >= LastErrorAt;
        return this with
        {
            Calls = Calls + other.Calls,
            LastCallAt = LastCallAt is null || other.LastCallAt > LastCallAt ? other.LastCallAt : LastCallAt,
            Failures = Failures + other.Failures,
            LastError = isOthers ? other.LastError : LastError,
            LastErrorAt = isOthers ? other.LastErrorAt : LastErrorAt,
        };
    }
}
