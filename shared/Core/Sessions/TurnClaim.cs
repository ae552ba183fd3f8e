using OpenClaw.Sessions.Rows;

namespace OpenClaw.Sessions;

/// <summary>A run that asks for its session.</summary>
/// <param name="Wait">How long to wait while another run holds it.</param>
public sealed record TurnClaim(SessionKey Key, string RunId, TimeSpan Wait)
{
    /// <summary>The accepted request that the run executes; null when a caller waits for it.</summary>
    public QueuedRun? Queued { get; init; }

    /// <summary>When this request arrived, if it has an idempotency key; else null. A run that has completed, or has
    /// failed since then, is not begun again.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    internal bool MayExist => Queued is not null || RepeatedAt is not null;

    internal bool IsSettled(RunRow row) => row.HasEnded && (row.IsCommitted || row.State == RunRow.Cancelled
        || Queued is not null || (row.State == RunRow.Failed && row.EndedAt >= RepeatedAt));
}
