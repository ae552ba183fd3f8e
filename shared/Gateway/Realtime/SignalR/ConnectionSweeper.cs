using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Deletes the rows of connections and tickets whose time is over, and ends connections whose credential has ended: such a
/// client could still listen, although it can ask for nothing.</summary>
public sealed partial class ConnectionSweeper
{
    private readonly SignalRService _service;
    private readonly ConnectionStore _connections;
    private readonly RealtimeRights _rights;
    private readonly TimeProvider _time;
    private readonly ILogger<ConnectionSweeper> _logger;

    internal ConnectionSweeper(
        SignalRService service, ConnectionStore connections, RealtimeRights rights, TimeProvider time, ILogger<ConnectionSweeper> logger) =>
        (_service, _connections, _rights, _time, _logger) = (service, connections, rights, time, logger);

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (_service.Client is not { } service)
        {
            return;
        }

        await foreach (var client in _connections.ListAsync(cancellationToken))
        {
            try
            {
                await SweepAsync(service, client, cancellationToken);
            }
            catch (GatewayException failure)
            {
                LogNotSwept(failure.Message);
            }
        }
    }

    private async Task SweepAsync(SignalRClient service, ServiceClient client, CancellationToken cancellationToken)
    {
        var isOver = client.ExpiresAt <= _time.GetUtcNow() || await _rights.FindAsync(client.Ticket.Grant, cancellationToken) is null;
        if (client.ConnectionId.Length > 0)
        {
            var target = SignalRTarget.Connection(client.ConnectionId);
            if (isOver)
            {
                await service.CloseAsync(target, "negotiate again", cancellationToken);
            }
            else
            {
                isOver = !await service.ExistsAsync(target, cancellationToken); // its "disconnected" was lost
            }
        }

        if (isOver)
        {
            await _connections.RemoveAsync(client, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection of SignalR Service could not be checked: {Reason}")]
    private partial void LogNotSwept(string reason);
}
