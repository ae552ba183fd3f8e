using OpenClaw.Models;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Turns;

/// <summary>The turn that a run makes: its history before, and where its outcome goes.</summary>
internal abstract class RunTurn : IAsyncDisposable
{
    /// <summary>Whether the outcome is stored.</summary>
    public abstract bool IsDurable { get; }

    /// <summary>The conversation that the run continues.</summary>
    public abstract IReadOnlyList<ConversationItem> History { get; }

    /// <summary>What of the request's input is new in this conversation.</summary>
    public abstract IReadOnlyList<ConversationItem> Input { get; }

    /// <summary>The models to ask; the session's own comes first.</summary>
    public abstract IReadOnlyList<ModelTarget> Targets { get; }

    /// <summary>The session's own reasoning effort; null leaves it to the model.</summary>
    public virtual string? ReasoningEffort => null;

    /// <summary>Fires when another run took the session over.</summary>
    public virtual CancellationToken Lost => CancellationToken.None;

    /// <summary>Fires when the run is to be cancelled.</summary>
    public virtual CancellationToken Cancelled => CancellationToken.None;

    /// <summary>How many times the run was begun, this time included.</summary>
    public virtual int Attempt => 1;

    /// <summary>True as long as the turn of an interactive run is not committed. If the run ends in that state, the engine stores the
    /// output so far.</summary>
    public virtual bool IsUndecided => false;

    /// <summary>The output that a dead attempt had already shown.</summary>
    public virtual Task<EarlierAttempt> ReadEarlierAsync(CancellationToken cancellationToken) => Task.FromResult(EarlierAttempt.None);

    /// <summary>What earlier attempts wrote by <see cref="LogAsync"/>, oldest first.</summary>
    public virtual Task<IReadOnlyList<string>> ReadLogAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Stores what the run is about to do, or has done, for an attempt that may come after this one. When this returns, no other
    /// run held the session.</summary>
    /// <exception cref="Errors.GatewayException"><c>409 session_lease_lost</c>, <c>503 storage_unavailable</c>.</exception>
    public virtual Task LogAsync(IReadOnlyList<string> entries, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Compacts the history when the prompt would not fit the model's context.</summary>
    /// <param name="isTooLong">The model has refused the prompt already.</param>
    /// <returns>Whether the history was compacted.</returns>
    public virtual Task<bool> TryFitAsync(IReadOnlyList<ConversationItem> input, bool isTooLong, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    /// <summary>Writes an event to the journal, for followers of the run.</summary>
    public virtual void Record(RunEvent runEvent)
    {
    }

    /// <summary>Sets how the run ends if nothing is committed.</summary>
    public virtual void EndWithout(RunEnded end)
    {
    }

    /// <summary>Stores the outcome.</summary>
    /// <returns>How the run ends for its caller: as the outcome says, or failed when it could not be stored.</returns>
    public virtual Task<RunEnded> CommitAsync(RunOutcome outcome, ModelTarget model, CancellationToken cancellationToken) =>
        Task.FromResult(outcome.End);

    /// <summary>Stores the output so far of a run whose caller left.</summary>
    public virtual Task InterruptAsync(RunOutcome outcome, ModelTarget model) => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();
}
