using OpenClaw.Sessions.Rows;

namespace OpenClaw.Sessions;

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
