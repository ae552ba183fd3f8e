using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>Polls the queue for wake-ups, as the Functions host does elsewhere; see <see cref="WakeUps"/>.</summary>
public sealed partial class WakeUpPoller(WakeUps wakeUps, IRunDispatcher dispatcher, TimeProvider time, ILogger<WakeUpPoller> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(WakeUps.PollInterval, time, stoppingToken);
            try
            {
                await wakeUps.SweepAsync(dispatcher, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure.Message); // any exception: a background service that throws ends the process
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The wake-ups could not be read: {Reason}")]
    private partial void LogFailed(string reason);
}
