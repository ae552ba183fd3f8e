using Microsoft.Extensions.Hosting;

namespace OpenClaw.Media.Worker;

/// <summary>Deletes what a killed gateway left behind, beside the start of this one.</summary>
internal sealed class MediaLeftovers(TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        MediaFolder.DeleteAbandoned(time.GetUtcNow());
        return Task.CompletedTask;
    }
}
