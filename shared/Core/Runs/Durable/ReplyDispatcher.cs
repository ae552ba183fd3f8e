using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;

namespace OpenClaw.Runs.Durable;

/// <summary>Delivers replies in this process, in the background. What is not delivered at shutdown is left to other instances.</summary>
public sealed partial class ReplyDispatcher : IHostedService
{
    private const char Separator = '/';

    private readonly PartitionTasks _lanes;
    private readonly IReplySender? _sender;
    private readonly Shutdown _shutdown;
    private readonly ILogger<ReplyDispatcher> _logger;

    public ReplyDispatcher(IEnumerable<IReplySender> senders, Shutdown shutdown, ILogger<ReplyDispatcher> logger)
    {
        (_sender, _shutdown, _logger) = (senders.FirstOrDefault(), shutdown, logger);
        _lanes = new PartitionTasks(DrainAsync);
    }

    public void Dispatch(string partition) => _ = RunAsync(partition);

    /// <summary>Delivers the replies of the session, all lanes side by side; returns when none waits, or the next ones have to wait for
    /// long.</summary>
    public async Task RunAsync(string partition)
    {
        IReadOnlyList<string> lanes = [];
        await GuardAsync(partition, async () => lanes = await _sender!.ListLanesAsync(partition, _shutdown.Deadline));
        await Task.WhenAll(lanes.Select(lane => _lanes.RunAsync(partition + Separator + lane)));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _lanes.CloseAsync(cancellationToken);

    private Task DrainAsync(string key)
    {
        var at = key.IndexOf(Separator, StringComparison.Ordinal);
        var partition = key[..at];
        return GuardAsync(partition, () => _sender!.DrainAsync(partition, key[(at + 1)..], _shutdown.Deadline));
    }

    private async Task GuardAsync(string partition, Func<Task> work)
    {
        if (_sender is null)
        {
            return;
        }

        try
        {
            await work();
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
