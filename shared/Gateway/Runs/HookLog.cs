using System.Collections.Concurrent;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Runs;

/// <summary>What this instance remembers of hook calls, without their content.</summary>
public sealed class HookLog(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, HookState> _states = new(StringComparer.Ordinal);
    private long _refused;

    /// <summary>Calls that were not proven, since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The hooks that were called, by name.</summary>
    public IReadOnlyList<HookState> List() => [.. _states.Values.OrderBy(state => state.Name, StringComparer.Ordinal)];

    internal void NoteRefused() => Interlocked.Increment(ref _refused);

    internal void NoteCall(string name) => Change(name, state => state with { Calls = state.Calls + 1, LastCallAt = time.GetUtcNow() });

    internal void NoteFailure(string name, GatewayError error) => Change(
        name, state => state with { Failures = state.Failures + 1, LastError = error.Code, LastErrorAt = time.GetUtcNow() });

    private void Change(string name, Func<HookState, HookState> change) =>
        _states.AddOrUpdate(name, key => change(new HookState(key)), (_, state) => change(state));
}

/// <summary>How a hook does.</summary>
/// <param name="Name"><c>wake</c>, <c>agent</c>, or a mapping's id or path.</param>
public sealed record HookState(string Name)
{
    /// <summary>Calls that were accepted.</summary>
    public long Calls { get; init; }

    public DateTimeOffset? LastCallAt { get; init; }

    /// <summary>Proven calls that were answered with an error.</summary>
    public long Failures { get; init; }

    /// <summary>The code of the last such error.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }
}
