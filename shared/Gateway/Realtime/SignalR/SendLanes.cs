using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Work that keeps its order within a lane, while lanes go on side by side. A lane that falls too far behind drops what is new:
/// clients read the history when the number of an event is missing.</summary>
internal sealed partial class SendLanes(ILogger<SendLanes> logger)
{
    private const int MaxWaiting = 1000;

    private readonly ConcurrentDictionary<string, Queue<Func<Task>>> _lanes = new(StringComparer.Ordinal);

    public void Add(string lane, Func<Task> send)
    {
        while (true)
        {
            var queue = _lanes.GetOrAdd(lane, static _ => new Queue<Func<Task>>());
            lock (queue)
            {
                if (!_lanes.TryGetValue(lane, out var present) || present != queue)
                {
                    continue; // it was emptied and removed meanwhile
                }

                if (queue.Count >= MaxWaiting)
                {
                    LogDropped();
                    return;
                }

                queue.Enqueue(send);
                if (queue.Count == 1)
                {
                    _ = Task.Run(() => RunAsync(lane, queue));
                }

                return;
            }
        }
    }

    private async Task RunAsync(string lane, Queue<Func<Task>> queue)
    {
        while (true)
        {
            Func<Task> send;
            lock (queue)
            {
                send = queue.Peek(); // it counts as waiting until it is done
            }

            try
            {
                await send();
            }
            catch (GatewayException failure)
            {
                LogFailed(failure.Message);
            }
            catch (OperationCanceledException)
            {
                // The host stops.
            }
            catch (Exception failure)
            {
                LogBroken(failure);
            }

            lock (queue)
            {
                queue.Dequeue();
                if (queue.Count == 0)
                {
                    _lanes.TryRemove(lane, out _);
                    return;
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events for clients of SignalR Service were dropped: it takes them too slowly")]
    private partial void LogDropped();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clients of SignalR Service did not get an event: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Clients of SignalR Service did not get an event")]
    private partial void LogBroken(Exception failure);
}
