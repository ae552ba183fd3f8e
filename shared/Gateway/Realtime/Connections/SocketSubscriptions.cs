using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>What one connection of this process has asked for.</summary>
internal sealed class SocketSubscriptions(SessionWatch watch, string connectionId) : IEventSubscriptions
{
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);

    public bool WantsSessions { get; private set; }

    public Task SetSessionsAsync(bool wanted, CancellationToken cancellationToken)
    {
        WantsSessions = wanted;
        return Task.CompletedTask;
    }

    /// <exception cref="RpcException"><c>UNAVAILABLE</c>: the client watches as many sessions as it may.</exception>
    public Task SetMessagesAsync(SessionKey session, bool wanted, CancellationToken cancellationToken)
    {
        lock (_messages)
        {
            if (!wanted)
            {
                _messages.Remove(session.Partition);
            }
            else if (_messages.Count < ControlPolicy.MaxSubscriptions || _messages.Contains(session.Partition))
            {
                _messages.Add(session.Partition);
            }
            else
            {
                throw new RpcException(new RpcError(
                    RpcError.Unavailable, $"a connection may subscribe to {ControlPolicy.MaxSubscriptions} sessions; unsubscribe from some")
                {
                    Details = new RpcErrorDetails { Code = "TOO_MANY_SUBSCRIPTIONS" },
                });
            }
        }

        watch.Set(connectionId, session, wanted);
        return Task.CompletedTask;
    }

    public Task WatchRunsAsync(SessionKey session, CancellationToken cancellationToken) => Task.CompletedTask; // every reader sees runs

    /// <summary>Whether the client asked for an event that it may see.</summary>
    public bool Wants(ControlEvent controlEvent, ClientInfo client) => controlEvent.Topic switch
    {
        EventTopic.Sessions => WantsSessions,
        EventTopic.Tools => client.TakesTools,
        EventTopic.Messages => WantsMessages(controlEvent.Session!),
        _ => true,
    };

    private bool WantsMessages(SessionKey session)
    {
        lock (_messages)
        {
            return _messages.Contains(session.Partition);
        }
    }
}
