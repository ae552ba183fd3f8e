using Microsoft.Azure.Functions.Worker;
using OpenClaw.Sessions;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every hour: deletes rows of sessions that were deleted or have expired, idempotency keys of two days ago, and what other
/// sessions need no longer.</summary>
public sealed class SweepSessions(SessionSweeper sweeper, IdempotencyStore claims, AgedRowSweeper aged)
{
    [Function(nameof(SweepSessions))]
    public async Task RunAsync([TimerTrigger("0 17 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await sweeper.SweepAsync(cancellationToken);
        await claims.SweepAsync(sweeper, cancellationToken);
        await aged.SweepAsync(cancellationToken);
    }
}
