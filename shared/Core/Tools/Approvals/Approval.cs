namespace OpenClaw.Tools.Approvals;

/// <summary>A call of a tool that waits for a person, or that one has decided.</summary>
/// <param name="Id">Ten letters and digits; the same again for the same call of a run.</param>
/// <param name="Arguments">JSON, cut to <see cref="MaxArguments"/> characters.</param>
/// <param name="Owner">Subject of the caller in whose run the call is made.</param>
/// <param name="ExpiresAt">From then on the call is denied.</param>
public sealed record Approval(
    string Id, string Tool, string Arguments, string Agent, string? Session, string Owner, string RunId, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt)
{
    public const int MaxArguments = 4_000;

    public const string Allowed = "allow-once";

    public const string Denied = "deny";

    /// <summary><see cref="Allowed"/> or <see cref="Denied"/>; null as long as it waits.</summary>
    public string? Decision { get; init; }

    /// <summary>Subject of the caller who decided.</summary>
    public string? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? Channel { get; init; }
}
