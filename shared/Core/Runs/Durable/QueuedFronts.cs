using OpenClaw.Errors;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;

namespace OpenClaw.Runs.Durable;

/// <summary>The fronts that accept runs, by the kind of their requests.</summary>
public sealed class QueuedFronts(IEnumerable<IQueuedRuns> fronts)
{
    private readonly Dictionary<string, IQueuedRuns> _fronts = fronts.ToDictionary(f => f.Kind, StringComparer.Ordinal);

    /// <exception cref="GatewayException"><c>400 invalid_request</c>: another version of the gateway accepted it.</exception>
    public IQueuedRuns Find(string kind) => _fronts.GetValueOrDefault(kind)
        ?? throw new GatewayException(GatewayError.InvalidRequest($"This version of the gateway knows no requests of kind '{kind}'."));

    /// <summary>What is to be delivered when a request ends without a turn; null for nothing.</summary>
    public OutboxDraft? ReplyTo(QueuedRun queued, GatewayError failure) =>
        _fronts.GetValueOrDefault(queued.Kind)?.ReplyTo(queued, failure);
}
