using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;
using OpenClaw.Security.Keys;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Establishes the caller of a request from its credentials.</summary>
public sealed class Authenticator(
    GatewayConfigStore config, CurrentAuth auth, FailedAuthLimiter limiter, ApiKeyAuthenticator keys, DeviceAuthenticator devices,
    TrustedProxyAuthenticator proxy, HostTraits host)
{
    public const string ScopesHeader = "x-openclaw-scopes";

    private const string SharedSecretClass = "shared-secret";

    /// <summary>How callers prove themselves now.</summary>
    internal AuthMode Mode => auth.Settings.Mode;

    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>403 proxy_attribution_required</c>, <c>403 forbidden</c>,
    /// <c>429 auth_rate_limited</c>, <c>503 auth_not_configured</c>.</exception>
    public ValueTask<Caller> AuthenticateAsync(HttpContext context) =>
        AuthenticateAsync(context, TryReadSecret(context, out var secret) ? secret : null);

    /// <summary>The caller of a connection that sends its credential in a message.</summary>
    /// <param name="context">The request that opened the connection.</param>
    /// <param name="credential">The gateway's secret, a named key or a device token; null when it sends none.</param>
    /// <inheritdoc cref="AuthenticateAsync(HttpContext)"/>
    public async ValueTask<Caller> AuthenticateAsync(HttpContext context, string? credential)
    {
        var settings = auth.Settings;
        if (settings.Mode != AuthMode.Unconfigured && credential is not null && settings.SharedSecret?.Matches(credential) != true)
        {
            if (ApiKeyText.IsClaimed(credential))
            {
                return await keys.AuthenticateAsync(context, credential, ClientOf(context, settings)); // in every mode
            }

            if (DeviceTokenText.IsClaimed(credential))
            {
                var device = await devices.AuthenticateAsync(credential, ClientOf(context, settings), context.RequestAborted);
                var scopes = Identity(device.Subject, device.Scopes, context).Scopes;
                return device with { Scopes = scopes, IsOwner = device.IsOwner && scopes.HasFlag(Scope.OperatorAdmin) };
            }
        }

        return settings.Mode switch
        {
            AuthMode.Token or AuthMode.Password => await BySharedSecretAsync(context, settings, settings.SharedSecret!, credential),
            AuthMode.TrustedProxy => credential is not null && IsDirectLocalCaller(context, settings)
                ? await BySharedSecretAsync(context, settings, settings.Password!, credential)
                : proxy.Authenticate(context, settings),
            AuthMode.None => Identity(Caller.OperatorSubject, Scope.Default, context),
            _ => throw new GatewayException(config.IsInvalid
                ? GatewayError.Unavailable(ErrorCode.ConfigurationInvalid, "The gateway's configuration has errors; its log lists them.")
                : GatewayError.Unavailable(
                    ErrorCode.AuthNotConfigured,
                        "No gateway credentials are configured; set 'gateway.auth.token' or OPENCLAW_GATEWAY_TOKEN.")),
        };
    }

    /// <summary>An identity with the scopes it was granted, narrowed by the scopes header when it is sent.</summary>
    /// <exception cref="GatewayException"><c>403 forbidden</c>: the header asks for more than was granted.</exception>
    internal static Caller Identity(string subject, Scope granted, HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(ScopesHeader, out var header))
        {
            return new Caller(subject, granted, IsIdentity: true, IsOwner: true);
        }

        var asked = Scope.None;
        foreach (var name in header.ToString().Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Scopes.TryParse(name, out var scope))
            {
                asked |= scope;
            }
        }

        if (!granted.Covers(asked))
        {
            throw new GatewayException(GatewayError.Forbidden($"'{ScopesHeader}' asks for more than this identity was granted."));
        }

        var narrowed = !asked.Covers(granted);
        return new Caller(subject, asked, IsIdentity: true, IsOwner: !narrowed || asked.HasFlag(Scope.OperatorAdmin));
    }

    private async ValueTask<Caller> BySharedSecretAsync(HttpContext context, AuthSettings settings, Secret secret, string? candidate)
    {
        if (string.IsNullOrEmpty(candidate))
        {
            throw new GatewayException(GatewayError.Unauthorized());
        }

        if (secret.Matches(candidate))
        {
            return new Caller(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: true) { Shown = secret };
        }

        throw new GatewayException(await limiter.FailAsync(SharedSecretClass, ClientOf(context, settings)) is { } wait
            ? GatewayError.TooManyFailedAttempts(wait)
            : GatewayError.Unauthorized());
    }

    /// <returns>The client that failures count for; null for one that is never locked out.</returns>
    private string? ClientOf(HttpContext context, AuthSettings settings) =>
        settings.ExemptLoopback && IsFromThisMachine(context)
            ? null
            : ClientAddress.Bucket(ClientAddress.Of(context, settings.TrustedProxies, claimed: host.IsWorker));

    /// <summary>In trusted-proxy mode the operator may use the password from the same machine.</summary>
    private bool IsDirectLocalCaller(HttpContext context, AuthSettings settings) =>
        settings.Password is not null && IsFromThisMachine(context);

    /// <summary>A request with any forwarding header does not come from here.</summary>
    private bool IsFromThisMachine(HttpContext context)
    {
        var headers = context.Request.Headers;
        return !host.IsWorker
            && context.Connection.RemoteIpAddress is { } peer && System.Net.IPAddress.IsLoopback(ClientAddress.Canonical(peer))
            && !headers.ContainsKey("Forwarded") && !headers.ContainsKey("X-Real-IP")
            && !headers.Any(h => h.Key.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The secret that the caller sent: a Bearer token or, on Anthropic's surface and where there is no <c>Authorization</c>,
    /// <c>x-api-key</c>; where the path takes them, credentials of the URL.</summary>
    private static bool TryReadSecret(HttpContext context, out string secret)
    {
        var headers = context.Request.Headers;
        if (headers.Authorization.Count == 0 && PathTable.Of(context).TakesUrlCredentials(context.Request.Path))
        {
            secret = UrlCredential(context.Request) ?? "";
            return secret.Length > 0;
        }

        if (headers.Authorization.Count > 0 || PathTable.Of(context).SurfaceOf(context.Request.Path) != Surface.Anthropic)
        {
            return TryReadBearer(context.Request, out secret);
        }

        secret = headers["x-api-key"] is [{ } value] ? value.Trim() : "";
        return secret.Length > 0;
    }

    internal static string? UrlCredential(HttpRequest request) =>
        PageQuery.ReadText(request.Query, "token") ?? PageQuery.ReadText(request.Query, "password");

    internal static bool TryReadBearer(HttpRequest request, out string token)
    {
        token = "";
        if (request.Headers.Authorization is not [{ } value] || !value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        token = value["Bearer ".Length..].Trim(); // a password may hold characters that a token may not
        return token.Length > 0;
    }
}
