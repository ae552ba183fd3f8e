using OpenClaw.Gateway.Realtime.SignalR;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>Who is connected: the clients of this process and those that SignalR Service holds.</summary>
internal sealed class PresenceView(ConnectionHub hub, ServicePresence service)
{
    /// <summary>The gateway and its clients; the caller sees its own clients, the operator all.</summary>
    public async ValueTask<IReadOnlyList<PresenceEntry>> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        [.. hub.Presence.List(caller), .. await service.ListAsync(caller, cancellationToken)];

    public async ValueTask<bool> IsConnectedAsync(string deviceId, CancellationToken cancellationToken) =>
        hub.IsConnected(deviceId) || await service.IsConnectedAsync(deviceId, cancellationToken);
}
