using Microsoft.Azure.Functions.Worker;
using OpenClaw.Sessions;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every hour: takes away what is left of sessions that are gone, and idempotency keys that are out of use.</summary>
public sealed class SweepSessions(SessionSweeper sweeper, IdempotencyStore claims)
{
    [Function(nameof(SweepSessions))]
    public async Task RunAsync([TimerTrigger("0 17 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await sweeper.SweepAsync(cancellationToken);
        await claims.SweepAsync(sweeper, cancellationToken);
    }
}
