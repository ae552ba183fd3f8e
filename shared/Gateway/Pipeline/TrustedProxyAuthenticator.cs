using System.Net;
using System.Net.NetworkInformation;
using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Takes the caller's identity from a proxy that has proven itself. Source: trusted-proxy authentication of OpenClaw.</summary>
public sealed class TrustedProxyAuthenticator(HostTraits host)
{
    private readonly Lazy<IReadOnlyList<IPAddress>> _ownAddresses = new(ReadOwnAddresses);

    /// <exception cref="GatewayException"><c>403 proxy_attribution_required</c>, <c>401 invalid_api_key</c>, <c>403
    /// forbidden</c>.</exception>
    public Caller Authenticate(HttpContext context, AuthSettings settings)
    {
        var proxy = settings.Proxy;
        var headers = context.Request.Headers;
        var trusted = host.IsWorker ? IsProvenOnPlatform(headers, settings) : IsTrustedPeer(context, settings);
        if (!trusted)
        {
            throw new GatewayException(GatewayError.ProxyAttributionRequired());
        }

        // A header that came twice, or as a list, may hold a value that the client sent beside the proxy's own.
        var user = proxy.UserHeader is { Length: > 0 } name && SingleValue(headers, name) is { } value ? ProxyUsers.Normalize(value) : null;
        if (user is null || proxy.RequiredHeaders.Any(required => SingleValue(headers, required) is null))
        {
            throw new GatewayException(GatewayError.Unauthorized(
                "The proxy sent no verified user: each of its headers must have one printable value."));
        }

        return Authenticator.Identity(ProxyUsers.SubjectOf(user), ProxyUsers.GrantedTo(user, proxy), context);
    }

    private static string? SingleValue(IHeaderDictionary headers, string name) =>
        headers[name] is [{ } value] && !string.IsNullOrWhiteSpace(value) && !value.Contains(',', StringComparison.Ordinal) ? value : null;

    /// <summary>Under the Functions host no address means anything: the proxy shows its secret, or the platform's own
    /// authentication stands in front and fills the principal headers.</summary>
    private static bool IsProvenOnPlatform(IHeaderDictionary headers, AuthSettings settings)
    {
        if (settings.ProxySecret is not null)
        {
            return ShowsSecret(headers, settings);
        }

        return settings.Proxy.UserHeader?.StartsWith("x-ms-client-principal", StringComparison.OrdinalIgnoreCase) == true
            && bool.TryParse(Environment.GetEnvironmentVariable(EnvironmentVariables.PlatformAuthentication), out var enabled) && enabled;
    }

    private bool IsTrustedPeer(HttpContext context, AuthSettings settings)
    {
        var peer = ClientAddress.Canonical(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (!ClientAddress.IsIn(peer, settings.TrustedProxies))
        {
            return false;
        }

        if (settings.ProxySecret is not null && !ShowsSecret(context.Request.Headers, settings))
        {
            return false;
        }

        if (IPAddress.IsLoopback(peer))
        {
            return settings.Proxy.AllowLoopback;
        }

        // A request that comes from one of our own interfaces comes from this machine, not from the proxy.
        return !_ownAddresses.Value.Contains(peer)
            && !IPAddress.IsLoopback(ClientAddress.Of(context, settings.TrustedProxies, claimed: false));
    }

    private static bool ShowsSecret(IHeaderDictionary headers, AuthSettings settings) =>
        settings.Proxy.SecretHeader is { Length: > 0 } name && headers[name] is [{ } shown] && settings.ProxySecret!.Matches(shown);

    private static List<IPAddress> ReadOwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => ClientAddress.Canonical(a.Address))];
}
