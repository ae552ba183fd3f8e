using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>What a client of this process has subscribed to, in memory.</summary>
internal sealed class ClientSubscriptions(SessionWatch watch, string connectionId) : IEventSubscriptions
{
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);
    private volatile bool _wantsSessions;

    /// <summary>Whether the client has asked for events like this one.</summary>
    public bool Want(ControlEvent controlEvent) => controlEvent.Topic switch
    {
        EventTopic.Sessions => _wantsSessions,
        EventTopic.Messages => WantMessages(controlEvent.Session!),
        _ => true,
    };

    public Task SetSessionsAsync(bool wanted, CancellationToken cancellationToken)
    {
        _wantsSessions = wanted;
        return Task.CompletedTask;
    }

    public Task WatchRunsAsync(SessionKey session, CancellationToken cancellationToken) => Task.CompletedTask; // every reader sees runs

    /// <exception cref="RpcException"><c>UNAVAILABLE</c>: the client watches as many sessions as it may.</exception>
    public Task SetMessagesAsync(SessionKey session, bool wanted, CancellationToken cancellationToken)
    {
        lock (_messages)
        {
            if (!wanted)
            {
                _messages.Remove(session.Partition);
            }
            else if (!_messages.Contains(session.Partition))
            {
                ThrowIfFull();
                _messages.Add(session.Partition);
            }
        }

        watch.Set(connectionId, session, wanted);
        return Task.CompletedTask;
    }

    private void ThrowIfFull()
    {
        if (_messages.Count >= ControlPolicy.MaxSubscriptions)
        {
            throw new RpcException(new RpcError(
                RpcError.Unavailable,
                $"this connection has subscribed to {ControlPolicy.MaxSubscriptions} sessions, as many as it may; unsubscribe from some")
            {
                Details = new RpcErrorDetails { Code = "TOO_MANY_SUBSCRIPTIONS" },
            });
        }
    }

    private bool WantMessages(SessionKey session)
    {
        lock (_messages)
        {
            return _messages.Contains(session.Partition);
        }
    }
}
