using Microsoft.Azure.Functions.Worker;
using OpenClaw.Schedules;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every minute: starts the jobs, heartbeats and events that are due, and records the runs of jobs that have ended.</summary>
public sealed class SweepJobs(JobRunner runner, Wakes wakes, Heartbeats heartbeats)
{
    [Function(nameof(SweepJobs))]
    public async Task RunAsync([TimerTrigger("1 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await runner.SweepAsync(cancellationToken);
        await heartbeats.SweepAsync(cancellationToken);
        await wakes.SweepAsync(cancellationToken);
    }
}
