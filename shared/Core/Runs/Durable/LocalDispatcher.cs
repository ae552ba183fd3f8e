using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;

namespace OpenClaw.Runs.Durable;

/// <summary>Executes waiting runs in this process, in the background. At shutdown running ones get time to end; the rest is left to
/// other instances.</summary>
public sealed partial class LocalDispatcher : IRunDispatcher, IHostedService
{
    private readonly RunLane _lane;
    private readonly ReplyDispatcher _replies;
    private readonly Shutdown _shutdown;
    private readonly ILogger<LocalDispatcher> _logger;
    private readonly PartitionTasks _lanes;

    public LocalDispatcher(RunLane lane, ReplyDispatcher replies, Shutdown shutdown, ILogger<LocalDispatcher> logger)
    {
        (_lane, _replies, _shutdown, _logger) = (lane, replies, shutdown, logger);
        _lanes = new PartitionTasks(DrainAsync);
    }

    public void Dispatch(string partition) => _ = RunAsync(partition);

    /// <summary>Executes the waiting runs of the session and delivers their replies; returns when that is done, here or in the tasks that
    /// already do it.</summary>
    public async Task RunAsync(string partition)
    {
        await _lanes.RunAsync(partition);
        await _replies.RunAsync(partition);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _lanes.CloseAsync(cancellationToken);

    private async Task DrainAsync(string partition)
    {
        try
        {
            await _lane.DrainAsync(partition, _shutdown.Deadline);
        }
        catch (OperationCanceledException) when (_shutdown.Deadline.IsCancellationRequested)
        {
            // Its lease is free again; the wake-up message brings another instance.
        }
        catch (GatewayException busy) when (busy.Error.Code == ErrorCode.SessionBusy)
        {
            // Another instance executes it, or the wake-up message comes back for it.
        }
        catch (GatewayException failure)
        {
            LogLater(partition, failure.Message);
        }
        catch (Exception failure)
        {
            LogFailed(failure, partition);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The runs of session {Partition} are tried again later: {Reason}")]
    private partial void LogLater(string partition, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The runs of session {Partition} failed unexpectedly and are tried again later")]
    private partial void LogFailed(Exception failure, string partition);
}
