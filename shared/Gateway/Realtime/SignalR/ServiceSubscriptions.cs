using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>A client of SignalR Service during one call: its subscriptions are groups of the service.</summary>
internal sealed class ServiceSubscriptions(ServiceClient client, Caller caller, SignalRClient service, GroupPresence presence)
    : IControlClient, IEventSubscriptions
{
    public string ConnectionId => client.ConnectionId;

    public ClientInfo Info => client.Admitted!.Info;

    public IEventSubscriptions Subscriptions => this;

    public int MaxAnswer => ServiceLimits.MaxAnswer;

    public Task SetSessionsAsync(bool wanted, CancellationToken cancellationToken) => SetAsync(
        caller.IsOperator ? EventGroups.WholeList : EventGroups.ListOf(caller.Subject), wanted, cancellationToken);

    public Task SetMessagesAsync(SessionKey session, bool wanted, CancellationToken cancellationToken)
    {
        var isOwn = SessionNames.IsOwn(caller, session);
        return Task.WhenAll(
            SetAsync(EventGroups.Messages(session, isOwn), wanted, cancellationToken),
            SetAsync(EventGroups.Runs(session, isOwn), wanted, cancellationToken),
            Info.TakesTools ? SetAsync(EventGroups.Tools(session, isOwn), wanted, cancellationToken) : Task.CompletedTask);
    }

    /// <summary>Who begins a run sees its events.</summary>
    public async Task WatchRunsAsync(SessionKey session, CancellationToken cancellationToken)
    {
        if (!caller.Scopes.Covers(Scope.OperatorRead))
        {
            return;
        }

        var isOwn = SessionNames.IsOwn(caller, session);
        await SetAsync(EventGroups.Runs(session, isOwn), wanted: true, cancellationToken);
        if (Info.TakesTools)
        {
            await SetAsync(EventGroups.Tools(session, isOwn), wanted: true, cancellationToken);
        }
    }

    /// <summary>Events of a session in the simple dialect.</summary>
    public Task SetSimpleAsync(SessionKey session, string kind, bool wanted, CancellationToken cancellationToken) =>
        SetAsync(EventGroups.Simple(session, kind, SessionNames.IsOwn(caller, session)), wanted, cancellationToken);

    private async Task SetAsync(string group, bool wanted, CancellationToken cancellationToken)
    {
        if (!wanted)
        {
            await service.RemoveFromGroupAsync(ConnectionId, group, cancellationToken);
        }
        else if (await service.AddToGroupAsync(ConnectionId, group, cancellationToken))
        {
            presence.Joined(group);
        }
    }
}

/// <summary>Numbers of connections over SignalR Service, which are told in <c>hello-ok</c>.</summary>
internal static class ServiceLimits
{
    /// <summary>Bytes of an answer or event. Each 2 KB count as a message of the service's price.</summary>
    public const int MaxAnswer = 256 * 1024;

    /// <summary>Bytes of a request.</summary>
    public const int MaxRequest = 1000 * 1000;

    /// <summary>How long an answer may take before the request fails; the service waits little longer.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    /// <summary>The policy of the hello. There are no ticks: the service keeps its connections alive itself, and a client that waits for
    /// two ticks waits two days.</summary>
    public static HelloPolicy Policy { get; } = new()
    {
        MaxPayload = MaxRequest,
        MaxBufferedBytes = MaxRequest,
        TickIntervalMs = (int)TimeSpan.FromDays(1).TotalMilliseconds,
    };

    /// <summary>Events that exist on sockets only.</summary>
    public static bool HasEvent(string name) => name is not ("tick" or "presence" or "shutdown" or EventNames.ConfigChanged);
}
