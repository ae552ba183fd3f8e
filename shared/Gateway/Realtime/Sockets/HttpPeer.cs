using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Sockets;

/// <summary>The other end of a WebSocket: what the upgrade request says of it.</summary>
internal sealed class HttpPeer : ConnectPeer
{
    private readonly HttpContext _context;
    private readonly Authenticator _authenticator;

    private HttpPeer(HttpContext context, Authenticator authenticator) => (_context, _authenticator) = (context, authenticator);

    public override AuthMode Mode => _authenticator.Mode;

    public static HttpPeer Of(HttpContext context, Authenticator authenticator, GatewayConfig config)
    {
        var (origin, isAllowed) = OriginOf(context.Request, config);
        return new HttpPeer(context, authenticator)
        {
            ConnectionId = Guid.NewGuid().ToString("D"),
            RemoteAddress = AddressOf(context),
            Origin = origin,
            IsOriginAllowed = isAllowed,
            Credential = CredentialOf(context),
        };
    }

    public override ValueTask<Caller> AuthenticateAsync(string? credential, CancellationToken cancellationToken) =>
        _authenticator.AuthenticateAsync(_context, credential);

    /// <summary>The page that a request comes from, if any, and whether it may use the gateway.</summary>
    public static (string? Origin, bool IsAllowed) OriginOf(HttpRequest request, GatewayConfig config) =>
        request.Headers.Origin is [{ Length: > 0 } origin] ? (origin, IsAllowed(origin, request, config)) : (null, false);

    public static string? AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? ClientAddress.Canonical(address).ToString() : null;

    /// <summary>The Bearer of the upgrade request; where the path takes them, credentials of the URL.</summary>
    private static string? CredentialOf(HttpContext context)
    {
        var request = context.Request;
        if (Authenticator.TryReadBearer(request, out var bearer))
        {
            return bearer;
        }

        return !PathTable.Of(context).TakesUrlCredentials(request.Path) ? null
            : Authenticator.UrlCredential(request);
    }

    /// <summary>Pages of the gateway's own address may use it, and those that the configuration names.</summary>
    private static bool IsAllowed(string origin, HttpRequest request, GatewayConfig config) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (IsSame(uri, request.Host)
            || (config.Gateway.PublicUrl is { } own && Uri.TryCreate(own, UriKind.Absolute, out var open)
                && open.GetLeftPart(UriPartial.Authority).Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase))
            || config.Gateway.Http.Cors.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase));

    private static bool IsSame(Uri origin, HostString host) =>
        origin.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase)
        || (origin.IsDefaultPort && origin.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
            && (host.Port is null || host.Port == origin.Port));
}
