using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>What an event is about; decides who gets it.</summary>
internal enum EventTopic
{
    /// <summary>Everyone who is connected: <c>tick</c>, <c>health</c>, <c>presence</c>, <c>shutdown</c>.</summary>
    Gateway,

    /// <summary>Everyone with the event's scope.</summary>
    Scoped,

    /// <summary>The run of a session: everyone who may read the session.</summary>
    Run,

    /// <summary>Calls of tools in a session: everyone who may read it and has said to take them.</summary>
    Tools,

    /// <summary>A message of a session: clients that subscribed to it.</summary>
    Messages,

    /// <summary>A change of a session: clients that subscribed to the list.</summary>
    Sessions,
}

/// <summary>One event for clients.</summary>
/// <param name="name">Such as <c>chat</c>.</param>
/// <param name="scope">What a client needs to get it; <see cref="Scope.None"/> for all.</param>
/// <param name="session">The session that it is about; its owner and the operator get it. Null for events about no session.</param>
/// <param name="write">Makes the JSON of the payload from the key under which the reader knows the session.</param>
internal sealed class ControlEvent(string name, EventTopic topic, Scope scope, SessionKey? session, Func<string, byte[]> write)
{
    private byte[]? _own;
    private byte[]? _foreign;

    public string Name { get; } = name;

    public EventTopic Topic { get; } = topic;

    public Scope Scope { get; } = scope;

    public SessionKey? Session { get; } = session;

    /// <summary>Whether it happened in this process. Clients that every instance can reach get an event from where it happened.</summary>
    public bool IsOrigin { get; init; } = true;

    /// <summary>Makes a payload without what clients can put together themselves, where bytes are dear; null is the usual one.</summary>
    public Func<string, byte[]>? Slim { get; init; }

    /// <summary>Makes a payload that only says that something happened, where the usual one is too large; null is none.</summary>
    public Func<string, byte[]>? Notice { get; init; }

    /// <summary>An event about no session.</summary>
    /// <param name="isOrigin">See <see cref="IsOrigin"/>.</param>
    public static ControlEvent Of(string name, EventTopic topic, Scope scope, byte[] payload, bool isOrigin = true) =>
        new(name, topic, scope, null, _ => payload) { IsOrigin = isOrigin };

    /// <summary>Whether the caller may see it.</summary>
    public bool IsFor(Caller caller) =>
        (Scope == Scope.None || caller.Scopes.Covers(Scope))
        && (Session is null || SessionNames.MaySee(caller, Session));

    /// <summary>The payload for a caller that may see it.</summary>
    public byte[] PayloadFor(Caller caller) =>
        Session is null ? _own ??= write("")
        : SessionNames.IsOwn(caller, Session) ? _own ??= write(SessionNames.NameFor(caller, Session))
        : _foreign ??= write(SessionNames.NameFor(caller, Session));

    /// <summary>The payload for a caller that may see it, without what it can put together itself.</summary>
    public byte[] SlimPayloadFor(Caller caller) =>
        Slim is null || Session is null ? PayloadFor(caller) : Slim(SessionNames.NameFor(caller, Session));

    /// <summary>The payload that stands for one that is too large; null when there is none.</summary>
    public byte[]? NoticeFor(Caller caller) => Notice is null || Session is null ? null : Notice(SessionNames.NameFor(caller, Session));
}

/// <summary>Where events go: one outlet for each way in which clients are connected.</summary>
internal interface IEventOutlet
{
    void Publish(ControlEvent controlEvent);
}

/// <summary>Gives events to every outlet.</summary>
internal sealed class EventBus(IEnumerable<IEventOutlet> outlets)
{
    private readonly IEventOutlet[] _outlets = [.. outlets];

    public void Publish(ControlEvent controlEvent)
    {
        foreach (var outlet in _outlets)
        {
            outlet.Publish(controlEvent);
        }
    }
}
