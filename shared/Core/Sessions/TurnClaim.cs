using Azure;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Sessions;

/// <summary>A run that asks for its session.</summary>
/// <param name="Wait">How long to wait while another run holds it.</param>
public sealed record TurnClaim(SessionKey Key, string RunId, TimeSpan Wait)
{
    /// <summary>The accepted request that the run executes; null when a caller waits for it.</summary>
    public QueuedRun? Queued { get; init; }

    /// <summary>Set when the same run may have been asked for before: the moment of asking. A run that ended well, or failed
    /// after that moment, is not begun again.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    internal bool MayExist => Queued is not null || RepeatedAt is not null;

    internal bool IsSettled(RunRow row) => row.HasEnded && (row.IsCommitted || row.State == RunRow.Cancelled
        || Queued is not null || (row.State == RunRow.Failed && row.EndedAt >= RepeatedAt));
}

/// <summary>A session that a run holds, and how far the run was when it took it.</summary>
/// <param name="Row">The version of the run's row.</param>
/// <param name="Attempt">How many times it was begun, this time included.</param>
/// <param name="Batches">Batches that earlier attempts left in its journal.</param>
internal sealed record TakenSession(SessionHead Head, ETag Row, int Attempt, int Batches);

/// <summary>What a run adds to its session.</summary>
/// <param name="Items">Its input, then its output.</param>
/// <param name="State">How it ended, one of <see cref="RunRow"/>'s.</param>
public sealed record TurnCommit(IReadOnlyList<ConversationItem> Items, string State)
{
    /// <summary>How many of the items are input.</summary>
    public int InputCount { get; init; }

    /// <summary>Makes a document to store with the turn, knowing where its items stand.</summary>
    public Func<TurnRange, StoredDocument>? Document { get; init; }

    /// <summary>The backend model that answered.</summary>
    public string? Model { get; init; }

    /// <summary>How the run ended, as JSON of the engine's.</summary>
    public string? End { get; init; }
}
