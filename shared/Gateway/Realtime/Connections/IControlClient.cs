using System.Text.Json;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;

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

    /// <summary>Bytes of an answer that the transport carries.</summary>
    int MaxAnswer => ControlPolicy.MaxPayload;
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

    /// <summary>Whether it takes events of tools.</summary>
    public bool TakesTools { get; init; }

    /// <param name="deviceId">Of the device that it was let in as; null for none.</param>
    public static ClientInfo Of(ConnectParams asked, string? deviceId) => Of(asked.Client, deviceId) with
    {
        TakesTools = asked.Caps.ValueKind == JsonValueKind.Array && asked.Caps.EnumerateArray().Any(
            cap => cap.ValueKind == JsonValueKind.String && cap.ValueEquals(ToolEvents.Capability)),
    };

    private static ClientInfo Of(ConnectClient client, string? deviceId) => new(client.Id, client.Mode, client.Version, client.Platform)
    {
        DisplayName = client.DisplayName,
        DeviceFamily = client.DeviceFamily,
        InstanceId = client.InstanceId,
        TimeZone = client.TimeZone,
        DeviceId = deviceId,
    };
}
