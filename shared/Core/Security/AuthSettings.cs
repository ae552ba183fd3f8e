using System.Net;
using OpenClaw.Configuration;

namespace OpenClaw.Security;

/// <summary>The auth part of one configuration snapshot, ready for use on every request.</summary>
public sealed class AuthSettings
{
    public AuthSettings(GatewayConfig config)
    {
        var auth = config.Gateway.Auth;
        Token = Secret.From(auth.Token);
        Password = Secret.From(auth.Password);
        ProxySecret = Secret.From(auth.TrustedProxy?.Secret);
        ExemptLoopback = auth.RateLimit.ExemptLoopback;
        Proxy = auth.TrustedProxy ?? new TrustedProxySection();
        TrustedProxies = [.. config.Gateway.TrustedProxies.Select(ParseNetwork)];
        Mode = auth.Mode switch
        {
            "token" => Token is null ? AuthMode.Unconfigured : AuthMode.Token,
            "password" => Password is null ? AuthMode.Unconfigured : AuthMode.Password,
            "trusted-proxy" => AuthMode.TrustedProxy,
            "none" => AuthMode.None,
            _ => Token is not null ? AuthMode.Token : Password is not null ? AuthMode.Password : AuthMode.Unconfigured,
        };
    }

    public AuthMode Mode { get; }

    public Secret? Token { get; }

    public Secret? Password { get; }

    public Secret? ProxySecret { get; }

    public bool ExemptLoopback { get; }

    public TrustedProxySection Proxy { get; }

    public IReadOnlyList<IPNetwork> TrustedProxies { get; }

    /// <summary>The secret that a Bearer header is compared with, if the mode has one.</summary>
    public Secret? SharedSecret => Mode switch
    {
        AuthMode.Token => Token,
        AuthMode.Password => Password,
        _ => null,
    };

    /// <summary>Whether a secret that once admitted the operator still does.</summary>
    internal bool IsCurrent(Secret shown) =>
        SharedSecret?.IsSame(shown) == true || (Mode == AuthMode.TrustedProxy && Password?.IsSame(shown) == true);

    private static IPNetwork ParseNetwork(string text) =>
        text.Contains('/', StringComparison.Ordinal)
            ? IPNetwork.Parse(text)
            : new IPNetwork(IPAddress.Parse(text), IPAddress.Parse(text).AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
                ? 32 : 128);
}
