using System.Buffers.Text;
using System.Text.Json;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Tokens of the self-host's own hub: the ticket itself and a signature, so that every instance behind a balancer can read
/// it.</summary>
internal sealed class LocalTickets(InternalSecret secret, TimeProvider time)
{
    private const string Purpose = "tickets of the hub";

    /// <exception cref="Errors.GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<string> WriteAsync(RealtimeTicket ticket, CancellationToken cancellationToken)
    {
        var text = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(ticket, SignalRJson.Default.RealtimeTicket));
        return $"{text}.{await secret.SignAsync(Purpose, text, cancellationToken)}";
    }

    /// <returns>Null when the token is not of this gateway, or its time is over.</returns>
    /// <exception cref="Errors.GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<RealtimeTicket?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Split('.') is not [{ Length: > 0 } text, var signature]
            || !new Secret(await secret.SignAsync(Purpose, text, cancellationToken)).Matches(signature))
        {
            return null;
        }

        var ticket = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(text), SignalRJson.Default.RealtimeTicket)!;
        return ticket.ExpiresAt > time.GetUtcNow() ? ticket : null;
    }
}
