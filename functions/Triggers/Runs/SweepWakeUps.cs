using Microsoft.Azure.Functions.Worker;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every minute: handles wake-ups that neither the queue trigger nor the poller took. Exits at once when none is due.</summary>
public sealed class SweepWakeUps(WakeUps wakeUps, IRunDispatcher dispatcher)
{
    [Function(nameof(SweepWakeUps))]
    public Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        wakeUps.SweepAsync(dispatcher, cancellationToken);
}
