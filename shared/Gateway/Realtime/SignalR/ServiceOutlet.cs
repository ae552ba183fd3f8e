using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Devices;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Realtime.Simple;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Security.Keys;
using OpenClaw.Sessions;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Sends events to the clients of SignalR Service, whichever instance they came through: each event once, by the instance where it
/// happened, to the groups whose members asked for it. Every message costs money, so nothing goes to a group without members, deltas go
/// without the text so far, and changes of a session at most once a second.</summary>
internal sealed partial class ServiceOutlet : IEventOutlet, IHostedService
{
    private readonly SignalRService _service;
    private readonly GroupPresence _presence;
    private readonly SendLanes _lanes;
    private readonly EventAudience _audience;
    private readonly DeviceChanges _devices;
    private readonly ApiKeyStore _keys;
    private readonly AgentCatalog _agents;
    private readonly Shutdown _shutdown;
    private readonly ILogger<ServiceOutlet> _logger;
    private readonly ChangeThrottle _changes;

    public ServiceOutlet(
        SignalRService service, GroupPresence presence, SendLanes lanes, EventAudience audience, DeviceChanges devices, ApiKeyStore keys,
        AgentCatalog agents, Shutdown shutdown, TimeProvider time, ILogger<ServiceOutlet> logger)
    {
        (_service, _presence, _lanes, _audience, _devices, _keys) = (service, presence, lanes, audience, devices, keys);
        (_agents, _shutdown, _logger) = (agents, shutdown, logger);
        _changes = new ChangeThrottle(time, Send);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_service.IsConfigured)
        {
            _audience.Enter();
            _devices.Ended += EndDevice;
            _keys.Changed += EndKey;
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _devices.Ended -= EndDevice;
        _keys.Changed -= EndKey;
        return Task.CompletedTask;
    }

    public void Publish(ControlEvent controlEvent)
    {
        if (!controlEvent.IsOrigin || !ServiceLimits.HasEvent(controlEvent.Name) || !_service.IsConfigured)
        {
            return;
        }

        if (controlEvent is { Topic: EventTopic.Sessions, Session: not null })
        {
            _changes.Offer(controlEvent);
        }
        else
        {
            Send(controlEvent);
        }
    }

    private void Send(ControlEvent controlEvent) => _lanes.Add(controlEvent.Session?.Partition ?? controlEvent.Name, async () =>
    {
        if (_service.Client is not { } service)
        {
            return;
        }

        foreach (var (group, reader) in AudienceOf(controlEvent))
        {
            await SendAsync(service, group, () => FrameOf(controlEvent, reader));
        }

        foreach (var (group, reader) in SimpleAudienceOf(controlEvent))
        {
            await SendAsync(service, group, () => SimpleFrameOf(controlEvent, reader));
        }
    });

    private async Task SendAsync(SignalRClient service, string group, Func<byte[]?> write)
    {
        if (await _presence.HasMembersAsync(service, group, _shutdown.Deadline) && write() is { } frame)
        {
            await service.SendAsync(SignalRTarget.Group(group), ServiceCalls.ClientMethod, frame, _shutdown.Deadline);
        }
    }

    /// <summary>The groups of the simple dialect, each with a caller that sees what its members see.</summary>
    private static IEnumerable<(string Group, Caller Reader)> SimpleAudienceOf(ControlEvent controlEvent) =>
        controlEvent.Session is { } session && SimpleEvents.KindOf(controlEvent) is { } kind
            ? ReadersOf(session).Select(reader => (EventGroups.Simple(session, kind, reader.IsOwn), reader.Caller)) : [];

    /// <summary>The owner of a session and, where that is another, the operator.</summary>
    private static (Caller Caller, bool IsOwn)[] ReadersOf(SessionKey session) => session.Owner.Length == 0
        ? [(Operator, true)] : [(Operator with { Subject = session.Owner }, true), (Operator, false)];

    private byte[]? SimpleFrameOf(ControlEvent controlEvent, Caller reader)
    {
        var sessionId = SimpleEvents.IdOf(reader, controlEvent.Session!, _agents.Default.Id);
        if (SimpleEvents.Of(controlEvent, reader, sessionId) is not { } message)
        {
            return null;
        }

        var frame = FrameWriter.Json(message, SimpleJson.Default.SimpleMessage);
        return frame.Length <= ServiceLimits.MaxAnswer || message is not WholeMessage whole ? frame
            : FrameWriter.Json(whole with { Content = "", Truncated = true }, SimpleJson.Default.SimpleMessage);
    }

    /// <summary>The groups, each with a caller that sees what its members see.</summary>
    private static IEnumerable<(string Group, Caller Reader)> AudienceOf(ControlEvent controlEvent)
    {
        if (controlEvent.Session is not { } session)
        {
            return [(EventGroups.Scoped(controlEvent.Scope), Operator)];
        }

        Func<bool, string> groupOf = controlEvent.Topic switch
        {
            EventTopic.Tools => isOwn => EventGroups.Tools(session, isOwn),
            EventTopic.Messages => isOwn => EventGroups.Messages(session, isOwn),
            EventTopic.Sessions => isOwn => isOwn && session.Owner.Length > 0 ? EventGroups.ListOf(session.Owner) : EventGroups.WholeList,
            _ => isOwn => EventGroups.Runs(session, isOwn),
        };
        return ReadersOf(session).Select(reader => (groupOf(reader.IsOwn), reader.Caller));
    }

    private byte[]? FrameOf(ControlEvent controlEvent, Caller reader)
    {
        var frame = FrameWriter.Event(controlEvent.Name, controlEvent.SlimPayloadFor(reader), seq: null);
        if (frame.Length > ServiceLimits.MaxAnswer && controlEvent.NoticeFor(reader) is { } notice)
        {
            frame = FrameWriter.Event(controlEvent.Name, notice, seq: null);
        }

        if (frame.Length <= ServiceLimits.MaxAnswer)
        {
            return frame;
        }

        LogTooLarge(controlEvent.Name, frame.Length);
        return null;
    }

    private static Caller Operator { get; } = new(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: true);

    private void EndDevice(string id) => End(EventGroups.Device(id), "device removed");

    private void EndKey(ApiKey key)
    {
        if (key.RevokedAt is not null)
        {
            End(EventGroups.Key(key.Id), "key revoked");
        }
    }

    private void End(string group, string reason) => _lanes.Add(group, async () =>
    {
        if (_service.Client is { } service)
        {
            await service.CloseAsync(SignalRTarget.Group(group), reason, _shutdown.Deadline);
        }
    });

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "An event {Name} of {Bytes} bytes is too large for SignalR Service; clients read the history")]
    private partial void LogTooLarge(string name, int bytes);
}
