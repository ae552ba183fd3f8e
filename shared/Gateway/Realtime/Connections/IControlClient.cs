using OpenClaw.Gateway.Realtime.Events;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>A connected client as methods see it, whatever carries its frames.</summary>
internal interface IControlClient
{
    /// <summary>Of the connection; unique among all instances.</summary>
    string ConnectionId { get; }

    /// <summary>What the client said about itself.</summary>
    ClientInfo Info { get; }

    /// <summary>Which events it has asked for.</summary>
    IEventSubscriptions Subscriptions { get; }
}

/// <summary>What a client says about itself when it connects.</summary>
/// <param name="Id">Such as <c>cli</c>.</param>
/// <param name="Mode">Such as <c>webchat</c>.</param>
internal sealed record ClientInfo(string Id, string Mode, string Version, string Platform)
{
    public string? DisplayName { get; init; }

    public string? DeviceFamily { get; init; }

    public string? InstanceId { get; init; }

    public string? TimeZone { get; init; }

    public string? DeviceId { get; init; }

    public string? RemoteAddress { get; init; }

    public DateTimeOffset Since { get; init; }
}
