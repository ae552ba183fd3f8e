using OpenClaw.Sessions.Outbox;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Sessions;

/// <summary>The turn that a run adds to its session.</summary>
/// <param name="Items">Its input, then its output.</param>
/// <param name="State">How the run ended: a state of <see cref="RunRow"/>.</param>
public sealed record TurnCommit(IReadOnlyList<ConversationItem> Items, string State)
{
    /// <summary>How many of the items are input.</summary>
    public int InputCount { get; init; }

    /// <summary>Makes a document to store with the turn, from the place of the turn's items.</summary>
    public Func<TurnRange, StoredDocument>? Document { get; init; }

    /// <summary>The backend model that answered.</summary>
    public string? Model { get; init; }

    /// <summary>What is to be delivered outside the gateway; only for a queued run.</summary>
    public OutboxDraft? Reply { get; init; }

    /// <summary>The run's end event, as the engine's JSON.</summary>
    public string? End { get; init; }
}
