using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;

namespace OpenClaw.Runs.Durable;

/// <summary>Executes waiting runs in this process, in the background. At shutdown running ones get time to end; the rest is left to
/// other instances.</summary>
public sealed partial class LocalDispatcher(RunLane lane, Shutdown shutdown, ILogger<LocalDispatcher> logger)
    : IRunDispatcher, IHostedService
{
    private readonly Dictionary<string, (Task Task, bool Again)> _lanes = new(StringComparer.Ordinal);
    private bool _isClosed;

    public void Dispatch(string partition) => _ = RunAsync(partition);

    /// <summary>Executes the waiting runs of the session; returns when they have ended, here or in the task that already executes
    /// them.</summary>
    public Task RunAsync(string partition)
    {
        lock (_lanes)
        {
            if (_isClosed)
            {
                return Task.CompletedTask;
            }

            if (_lanes.TryGetValue(partition, out var running))
            {
                _lanes[partition] = running with { Again = true };
                return running.Task;
            }

            var task = Task.Run(() => DrainAsync(partition));
            _lanes[partition] = (task, false);
            return task;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (_lanes)
        {
            _isClosed = true;
            running = [.. _lanes.Values.Select(l => l.Task)];
        }

        await Task.WhenAll(running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task DrainAsync(string partition)
    {
        do
        {
            try
            {
                await lane.DrainAsync(partition, shutdown.Deadline);
            }
            catch (OperationCanceledException) when (shutdown.Deadline.IsCancellationRequested)
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
        while (IsAskedAgain(partition));
    }

    /// <summary>True when the session was dispatched again meanwhile: a request may have been accepted after the last read.</summary>
    private bool IsAskedAgain(string partition)
    {
        lock (_lanes)
        {
            if (_lanes[partition] is { Again: true } asked && !_isClosed)
            {
                _lanes[partition] = asked with { Again = false };
                return true;
            }

            _lanes.Remove(partition);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The runs of session {Partition} are tried again later: {Reason}")]
    private partial void LogLater(string partition, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The runs of session {Partition} failed unexpectedly and are tried again later")]
    private partial void LogFailed(Exception failure, string partition);
}
