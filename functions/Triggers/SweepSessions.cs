using Microsoft.Azure.Functions.Worker;
using OpenClaw.Sessions;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every hour: takes away what is left of sessions that are gone.</summary>
public sealed class SweepSessions(SessionSweeper sweeper)
{
    [Function(nameof(SweepSessions))]
    public Task RunAsync([TimerTrigger("0 17 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        sweeper.SweepAsync(cancellationToken);
}
