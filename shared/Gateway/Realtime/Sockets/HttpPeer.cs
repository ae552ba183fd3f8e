using Microsoft.AspNetCore.Http;
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
    private readonly AmbientCallers _ambient;

    private HttpPeer(HttpContext context, Authenticator authenticator, AmbientCallers ambient) =>
        (_context, _authenticator, _ambient) = (context, authenticator, ambient);

    public override AuthMode Mode => _authenticator.Mode;

    public static HttpPeer Of(HttpContext context, Authenticator authenticator, AmbientCallers ambient, OriginRules origins)
    {
        var origin = context.Request.Headers.Origin is [{ Length: > 0 } given] ? given : null;
        return new HttpPeer(context, authenticator, ambient)
        {
            ConnectionId = Guid.NewGuid().ToString("D"),
            RemoteAddress = context.Connection.RemoteIpAddress is { } address ? ClientAddress.Canonical(address).ToString() : null,
            Origin = origin,
            IsOriginAllowed = origin is not null && (origins.IsOwn(context, origin) || origins.IsListed(origin)),
            Credential = CredentialOf(context),
        };
    }

    public override async ValueTask<Caller> AuthenticateAsync(string? credential, CancellationToken cancellationToken)
    {
        var caller = await _authenticator.AuthenticateAsync(_context, credential);
        if (caller.IsAmbient)
        {
            _ambient.CheckSite(_context);
        }

        return caller;
    }

    /// <summary>The Bearer of the upgrade request; where the path takes them, credentials of the URL.</summary>
    private static string? CredentialOf(HttpContext context)
    {
        var request = context.Request;
        if (Authenticator.TryReadBearer(request, out var bearer))
        {
            return bearer;
        }

        return !PathTable.Of(context).TakesUrlCredentials(request.Path) ? null
            : PageQuery.ReadText(request.Query, "token") ?? PageQuery.ReadText(request.Query, "password");
    }
}
