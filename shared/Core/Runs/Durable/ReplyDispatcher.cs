using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;

namespace OpenClaw.Runs.Durable;

/// <summary>Delivers replies in this process, in the background. What is not delivered at shutdown is left to other instances.</summary>
public sealed partial class ReplyDispatcher : IHostedService
{
    private readonly PartitionTasks _tasks;
    private readonly IReplySender? _sender;
    private readonly Shutdown _shutdown;
    private readonly ILogger<ReplyDispatcher> _logger;

    public ReplyDispatcher(IEnumerable<IReplySender> senders, Shutdown shutdown, ILogger<ReplyDispatcher> logger)
    {
        (_sender, _shutdown, _logger) = (senders.FirstOrDefault(), shutdown, logger);
        _tasks = new PartitionTasks(DrainAsync);
    }

    public void Dispatch(string partition) => _ = RunAsync(partition);

    /// <summary>Delivers the replies of the session; returns when none waits, or the next one has to wait for long.</summary>
    public Task RunAsync(string partition) => _sender is null ? Task.CompletedTask : _tasks.RunAsync(partition);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _tasks.CloseAsync(cancellationToken);

    private async Task DrainAsync(string partition)
    {
        try
        {
            await _sender!.DrainAsync(partition, _shutdown.Deadline);
        }
        catch (OperationCanceledException) when (_shutdown.Deadline.IsCancellationRequested)
        {
            // The wake-up message brings another instance.
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The replies of session {Partition} are delivered later: {Reason}")]
    private partial void LogLater(string partition, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The replies of session {Partition} failed unexpectedly and are tried again later")]
    private partial void LogFailed(Exception failure, string partition);
}
