using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Functions.SelfHost;

/// <summary>Runs the timer functions where no Functions host does. A tick that fails is logged; the next one comes all the same.</summary>
public sealed partial class TimerService(FunctionCatalog catalog, IServiceProvider services, TimeProvider time, ILogger<TimerService> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(catalog.Timers.Select(timer => RunAsync(timer, stoppingToken)));

    private async Task RunAsync(TimerFunction timer, CancellationToken cancellationToken)
    {
        var schedule = TimerSchedule.Parse(timer.Trigger.Schedule);
        while (true)
        {
            var now = time.GetUtcNow();
            await Task.Delay(schedule.Next(now) - now, time, cancellationToken);
            try
            {
                await timer.Invoke(services, new TimerInfo(), cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(failure.Message, timer.Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Timer {Timer} failed: {Reason}")]
    private partial void LogFailed(string reason, string timer);
}
