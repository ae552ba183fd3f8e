namespace OpenClaw.Security.Signatures;

/// <summary>The headers of a signed request, by name without regard to case.</summary>
/// <param name="find">All values of a header; empty when it is absent.</param>
public readonly struct EventHeaders(Func<string, IReadOnlyList<string?>> find)
{
    /// <summary>The value of a header; null when it is absent, empty, or there are several.</summary>
    public string? One(string name) => find(name) is [{ Length: > 0 } value] ? value : null;
}
