using Microsoft.Azure.Functions.Worker;
using OpenClaw.Schedules;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every minute: starts the jobs, heartbeats and events that are due, and records the runs of jobs that have ended. One of the
/// three that fails does not stop the others.</summary>
public sealed class SweepJobs(JobRunner runner, Wakes wakes, Heartbeats heartbeats)
{
    [Function(nameof(SweepJobs))]
    public Task RunAsync([TimerTrigger("1 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) => Task.WhenAll(
        runner.SweepAsync(cancellationToken), heartbeats.SweepAsync(cancellationToken), wakes.SweepAsync(cancellationToken));
}
