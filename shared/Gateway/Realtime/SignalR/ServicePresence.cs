using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Security;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>The clients that SignalR Service holds, whichever instance they came through; a few seconds old at most.</summary>
internal sealed partial class ServicePresence(
    SignalRService service, ConnectionStore connections, TimeProvider time, ILogger<ServicePresence> logger)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private volatile Snapshot? _last;

    /// <summary>The connected clients; the caller sees its own, the operator all. Empty when storage does not answer.</summary>
    public async ValueTask<IReadOnlyList<PresenceEntry>> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken))
            .Where(client => caller.IsOperator || client.Ticket.Grant.Caller.Subject == caller.Subject)
            .OrderBy(client => client.Admitted!.Info.Since)
            .Select(client => PresenceEntry.Of(client.Admitted!.Info, client.Admitted.Scopes, client.ConnectionId))];

    /// <summary>Whether a device is connected.</summary>
    public async ValueTask<bool> IsConnectedAsync(string deviceId, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Any(
            client => (client.Ticket.Grant.Caller.Device ?? client.Admitted!.Info.DeviceId) == deviceId);

    private async ValueTask<IReadOnlyList<ServiceClient>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!service.IsConfigured)
        {
            return [];
        }

        var now = time.GetUtcNow();
        if (_last is { } last && (now - last.At).Duration() < MaxAge)
        {
            return last.Clients;
        }

        try
        {
            var clients = new List<ServiceClient>();
            await foreach (var client in connections.ListAsync(cancellationToken))
            {
                if (client.Admitted is not null && client.ExpiresAt > now)
                {
                    clients.Add(client);
                }
            }

            _last = new Snapshot(clients, now);
            return clients;
        }
        catch (GatewayException failure)
        {
            LogNotRead(failure.Message);
            return _last?.Clients ?? [];
        }
    }

    private sealed record Snapshot(IReadOnlyList<ServiceClient> Clients, DateTimeOffset At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clients of SignalR Service could not be listed: {Reason}")]
    private partial void LogNotRead(string reason);
}
