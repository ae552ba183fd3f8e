using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Runs.Durable;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>Polls the queue for wake-ups, as the Functions host does elsewhere; see <see cref="WakeUps"/>.</summary>
public sealed partial class WakeUpPoller(WakeUps wakeUps, IRunDispatcher dispatcher, TimeProvider time, ILogger<WakeUpPoller> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var outage = new Outage();
        while (true)
        {
            await Task.Delay(WakeUps.PollInterval, time, stoppingToken);
            try
            {
                await wakeUps.SweepAsync(dispatcher, stoppingToken);
                outage.End();
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Any exception: a background service that throws ends the process.
                if (outage.Begins())
                {
                    LogFailed(failure.Message);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wake-ups could not be read, they are tried again every second: {Reason}")]
    private partial void LogFailed(string reason);
}
