using System.Net;
using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Which web pages may use the gateway, and under which host names it is reached.</summary>
public sealed class OriginRules
{
    /// <summary>Ends of names that no one can register, so that no attacker can let them point here.</summary>
    private static readonly string[] PrivateEnds = [".local", ".internal", ".lan", ".home.arpa"];

    private readonly HostTraits _host;
    private volatile Rules _rules;

    public OriginRules(GatewayConfigStore config, HostTraits host)
    {
        _host = host;
        _rules = new Rules(config.Current);
        config.Changed += current => _rules = new Rules(current);
    }

    /// <summary>Whether pages of any other origin may read answers.</summary>
    public bool IsAnyListed => _rules.Listed.Count > 0;

    /// <summary>Whether <c>gateway.http.cors.origins</c> names the origin.</summary>
    public bool IsListed(string origin) => _rules.Listed.Contains(origin);

    /// <summary>Whether it is an origin of the gateway itself: of <c>gateway.publicUrl</c>, or of the host that was asked.</summary>
    public bool IsOwn(HttpContext context, string origin)
    {
        var rules = _rules;
        return Authority(origin) is { } asking
            && (asking == rules.PublicAuthority || asking == WithoutDefaultPort(AskedHost(context, rules)));
    }

    /// <summary>Whether the request was sent to a name that is the gateway's. A page whose name resolves to this machine's address (DNS
    /// rebinding) sends that name, and the browser takes the answer for the page's own.</summary>
    public bool IsKnownHost(HttpContext context)
    {
        var rules = _rules;
        if (_host.IsWorker || rules.Auth is { Mode: AuthMode.TrustedProxy, ProxySecret: not null })
        {
            return true; // the platform, or a proxy that shows its secret, is asked for the name
        }

        var name = context.Request.Host.Host.TrimEnd('.');
        if (name.Length == 0 || IPAddress.TryParse(name.Trim('[', ']'), out _) || Is(name, "localhost")
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || Is(name, Environment.MachineName)
            || Is(name, rules.PublicHost))
        {
            return true;
        }

        var isLocal = context.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(ClientAddress.Canonical(local));
        return !isLocal && (!name.Contains('.', StringComparison.Ordinal)
            || Array.Exists(PrivateEnds, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>A header that only a proxy may send; a page of another origin never may.</summary>
    public bool IsOfProxy(string header) =>
        header.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase)
        || Is(header, "forwarded") || Is(header, "x-real-ip")
        || _rules.ProxyHeaders.Contains(header);

    /// <summary>The host that the client asked, as a proxy in front tells it when there is one.</summary>
    private string AskedHost(HttpContext context, Rules rules)
    {
        var request = context.Request;
        var isProxied = _host.IsWorker || rules.Auth is { Mode: AuthMode.TrustedProxy, ProxySecret: not null }
            || ClientAddress.IsIn(context.Connection.RemoteIpAddress ?? IPAddress.None, rules.Auth.TrustedProxies);
        return isProxied && request.Headers["X-Forwarded-Host"].ToString() is { Length: > 0 } forwarded
            ? forwarded.Split(',', StringSplitOptions.TrimEntries)[^1]
            : request.Host.Value ?? "";
    }

    private static string? Authority(string? origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? WithoutDefaultPort(url.Authority) : null;

    private static string WithoutDefaultPort(string authority)
    {
        var lower = authority.ToLowerInvariant();
        return lower.EndsWith(":80", StringComparison.Ordinal) ? lower[..^3]
            : lower.EndsWith(":443", StringComparison.Ordinal) ? lower[..^4] : lower;
    }

    private static bool Is(string name, string? other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private sealed class Rules(GatewayConfig config)
    {
        public AuthSettings Auth { get; } = new(config);

        public HashSet<string> Listed { get; } = new(config.Gateway.Http.Cors.Origins, StringComparer.OrdinalIgnoreCase);

        public string? PublicAuthority { get; } = Authority(config.Gateway.PublicUrl);

        public string? PublicHost { get; } =
            Uri.TryCreate(config.Gateway.PublicUrl, UriKind.Absolute, out var url) ? url.Host : null;

        public HashSet<string> ProxyHeaders { get; } = config.Gateway.Auth.TrustedProxy is not { } proxy ? []
            : new HashSet<string>(
                [proxy.UserHeader ?? "", proxy.SecretHeader ?? "", .. proxy.RequiredHeaders], StringComparer.OrdinalIgnoreCase);
    }
}
