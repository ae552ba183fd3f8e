using OpenClaw.Gateway.Realtime.Events;
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

    public Task SetMessagesAsync(SessionKey session, bool wanted, CancellationToken cancellationToken)
    {
        lock (_messages)
        {
            _ = wanted ? _messages.Add(session.Partition) : _messages.Remove(session.Partition);
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
