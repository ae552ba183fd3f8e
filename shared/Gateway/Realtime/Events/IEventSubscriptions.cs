using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>The events that one client has asked for. A socket keeps them in memory; a service that carries connections keeps them as
/// groups.</summary>
internal interface IEventSubscriptions
{
    /// <summary>Changes of the list of sessions.</summary>
    Task SetSessionsAsync(bool wanted, CancellationToken cancellationToken);

    /// <summary>New messages of one session.</summary>
    Task SetMessagesAsync(SessionKey session, bool wanted, CancellationToken cancellationToken);
}
