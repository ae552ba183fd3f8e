using Microsoft.Azure.Functions.Worker;
using OpenClaw.Runs;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every minute: has runs carried out that a dead instance left. Exits at once when nothing is due.</summary>
public sealed class WakeRuns(WakeUps wakeUps, IRunDispatcher dispatcher)
{
    public const string Schedule = "0 * * * * *";

    [Function(nameof(WakeRuns))]
    public Task RunAsync([TimerTrigger(Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        wakeUps.SweepAsync(dispatcher, cancellationToken);
}
