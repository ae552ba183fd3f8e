using Microsoft.Azure.Functions.Worker;
using OpenClaw.Schedules;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every minute: starts the jobs that are due and records the runs that have ended.</summary>
public sealed class SweepJobs(JobRunner runner)
{
    [Function(nameof(SweepJobs))]
    public Task RunAsync([TimerTrigger("1 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        runner.SweepAsync(cancellationToken);
}
