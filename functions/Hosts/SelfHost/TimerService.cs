using Cronos;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>Runs the timer functions, as the Functions host does elsewhere: once soon after the start, for ticks missed while the gateway
/// was down, then on schedule. After a tick that fails the next ones follow; of several in a row the first is logged.</summary>
public sealed partial class TimerService(
    FunctionCatalog catalog, IServiceProvider services, TimeProvider time, ILogger<TimerService> logger) : BackgroundService
{
    /// <summary>How long after the start the first ticks run, so that the first requests are fast.</summary>
    private static readonly TimeSpan CatchUpDelay = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(catalog.Timers.Select(timer => RunAsync(timer, stoppingToken)));

    private async Task RunAsync(TimerFunction timer, CancellationToken cancellationToken)
    {
        var schedule = CronExpression.Parse(timer.Trigger.Schedule, CronFormat.IncludeSeconds);
        var due = time.GetUtcNow() + CatchUpDelay;
        var outage = new Outage();
        for (var info = new TimerInfo { IsPastDue = true }; ; info = new TimerInfo())
        {
            var left = due - time.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
            try
            {
                await timer.Invoke(services, info, cancellationToken);
                outage.End();
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                if (outage.Begins())
                {
                    LogFailed(failure.Message, timer.Name);
                }
            }

            var now = time.GetUtcNow();
            due = schedule.GetNextOccurrence(now > due ? now : due, TimeZoneInfo.Utc) // a wait that ended early is no second tick
                ?? throw new InvalidOperationException($"The timer {timer.Name} never comes again.");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Timer {Timer} failed: {Reason}")]
    private partial void LogFailed(string reason, string timer);
}
