using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Sockets;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;
using OpenClaw.SignalR;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>The first step of a SignalR client: it shows its credential here, and is sent on with a token to SignalR Service, or to the
/// self-host's own hub where there is no service.</summary>
public sealed class NegotiateHandler
{
    private readonly SignalRService _service;
    private readonly ConnectionStore _connections;
    private readonly LocalTickets _local;
    private readonly OriginRules _origins;
    private readonly GatewayConfigStore _config;
    private readonly HostTraits _host;
    private readonly TimeProvider _time;

    internal NegotiateHandler(
        SignalRService service, ConnectionStore connections, LocalTickets local, OriginRules origins,
        GatewayConfigStore config, HostTraits host, TimeProvider time)
    {
        (_service, _connections, _local, _origins) = (service, connections, local, origins);
        (_config, _host, _time) = (config, host, time);
    }

    /// <exception cref="GatewayException"><c>503 realtime_not_configured</c>, <c>503 realtime_unavailable</c>, <c>503
    /// storage_unavailable</c>.</exception>
    public async Task<IResult> NegotiateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var service = _host.IsWorker ? _service.Require() : _service.Client;
        if (_service.Fault is not null)
        {
            _service.Require();
        }

        var caller = request.RequireCaller();
        var (origin, isAllowed) = HttpPeer.OriginOf(request.HttpContext, _origins);
        var now = _time.GetUtcNow();
        var ticket = new RealtimeTicket(
            RandomId.Create("rtc_"), RealtimeGrant.Of(caller), Guid.NewGuid().ToString("D"),
            now + RealtimeTicket.Lifetime)
        {
            Origin = origin,
            IsOriginAllowed = isAllowed,
            RemoteAddress = _host.IsWorker ? null : HttpPeer.AddressOf(request.HttpContext),
        };
        var (url, token) = service is null
            ? (LocalUrl(request), await _local.WriteAsync(ticket, cancellationToken))
            : await NegotiateAsync(service, caller, ticket, cancellationToken);
        return new JsonResult<NegotiateAnswer>(
            new NegotiateAnswer(url, token) { Challenge = new ConnectChallenge(ticket.Nonce, now.ToUnixTimeMilliseconds()) },
            SignalRJson.Default.NegotiateAnswer);
    }

    private async Task<(string Url, string Token)> NegotiateAsync(
        SignalRClient service, Caller caller, RealtimeTicket ticket, CancellationToken cancellationToken)
    {
        var token = await service.CreateClientTokenAsync(ticket.Id, RealtimeTicket.Lifetime, ClaimsOf(caller), cancellationToken);
        await _connections.AddAsync(ticket, cancellationToken);
        return (service.Connection.ClientUrl(SignalRService.Hub), token);
    }

    /// <summary>For clients to read; the gateway goes by its own record.</summary>
    private static IEnumerable<KeyValuePair<string, string>> ClaimsOf(Caller caller)
    {
        yield return new("role", Device.OperatorRole);
        yield return new("subject", caller.Subject);
        foreach (var scope in Scopes.ListNames(caller.Scopes))
        {
            yield return new("scope", scope);
        }

        if (caller.Device is { } device)
        {
            yield return new("device", device);
        }
    }

    private string LocalUrl(HttpRequest request)
    {
        var gateway = _config.Current.Gateway.PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        return $"{gateway}/{LocalHub.Path}?hub={SignalRService.Hub}";
    }
}
