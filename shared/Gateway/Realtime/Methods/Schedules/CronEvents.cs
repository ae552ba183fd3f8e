using Microsoft.Extensions.Hosting;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Runs;
using OpenClaw.Schedules;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Schedules;

/// <summary>Tells clients what happens to jobs in this process.</summary>
internal sealed class CronEvents(JobChanges changes, EventBus bus) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Changed += OnChanged;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Changed -= OnChanged;
        return Task.CompletedTask;
    }

    private void OnChanged(JobChange change)
    {
        var job = JobInfo.Of(change.Status);
        bus.Publish(ControlEvent.Of(
            EventNames.Cron, EventTopic.Scoped, Scope.OperatorRead,
            FrameWriter.Json(
                new CronEventPayload(job.Id, change.Action)
                {
                    Job = change.Action == "removed" ? null : job,
                    NextRunAtMs = job.State.NextRunAtMs,
                    RunId = change.Run?.RunId ?? job.State.RunId,
                    Status = change.Run?.Status,
                    Error = change.Run?.Message,
                    Summary = change.Run?.Summary,
                },
                CronMethodsJson.Default.CronEventPayload)));
    }
}
