using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>Takes wake-ups from the queue where no Functions host does; see <see cref="WakeUps"/>.</summary>
public sealed partial class WakeUpPoller(WakeUps wakeUps, IRunDispatcher dispatcher, TimeProvider time, ILogger<WakeUpPoller> logger) : BackgroundService
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
                LogFailed(failure.Message); // whatever it is: a background service that throws ends the process
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The wake-ups could not be read: {Reason}")]
    private partial void LogFailed(string reason);
}
