using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Proves that a call comes from the gateway's SignalR Service. The signature covers only the id of the connection, so anyone who
/// has seen a call could send another one with it: the service also sends a token of its managed identity, or a secret in the
/// URL.</summary>
internal sealed partial class UpstreamProof(GatewayConfigStore config, ILogger<UpstreamProof> logger)
{
    public const string SecretParameter = "code";

    private readonly JsonWebTokenHandler _handler = new();
    private (string Address, ConfigurationManager<OpenIdConnectConfiguration> Keys)? _issuer;

    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>503 realtime_not_configured</c>.</exception>
    public async Task CheckAsync(HttpRequest request, SignalRConnection service, string connectionId)
    {
        var expected = config.Current.Gateway.Realtime.Upstream;
        if (expected is { Secret: null, Audience: null })
        {
            throw new GatewayException(GatewayError.RealtimeNotConfigured(
                "Set gateway.realtime.upstream.audience (with authority and identity) or gateway.realtime.upstream.secret: "
                + "without one of them anyone could speak for SignalR Service."));
        }

        if (service.AccessKey is { } key && !IsSigned(request.Headers["X-ASRS-Signature"], key, connectionId))
        {
            throw Refused("its signature is missing or wrong");
        }

        if (Secret.From(expected.Secret)?.Matches(PageQuery.ReadText(request.Query, SecretParameter) ?? "") == false)
        {
            throw Refused("the secret of its URL is missing or wrong");
        }

        if (expected.Audience is not null && await FindFaultAsync(request, expected) is { } fault)
        {
            throw Refused(fault);
        }
    }

    /// <summary>The header has a signature for each of the service's two keys.</summary>
    private static bool IsSigned(string? header, string key, string connectionId)
    {
        var expected = new Secret(SignalRTokens.SignatureOf(key, connectionId));
        var isSigned = false;
        foreach (var signature in (header ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            isSigned |= signature.StartsWith("sha256=", StringComparison.OrdinalIgnoreCase)
                && expected.Matches(signature["sha256=".Length..].ToLowerInvariant());
        }

        return isSigned;
    }

    /// <returns>What is wrong with the token; null when it is good.</returns>
    private async Task<string?> FindFaultAsync(HttpRequest request, UpstreamSection expected)
    {
        if (!Authenticator.TryReadBearer(request, out var token))
        {
            return "it has no token";
        }

        var keys = KeysOf(expected.Authority!);
        try
        {
            await keys.GetConfigurationAsync(request.HttpContext.RequestAborted);
        }
        catch (InvalidOperationException unreadable)
        {
            LogNoKeys(unreadable.GetBaseException().Message);
            throw new GatewayException(GatewayError.RealtimeUnavailable(), unreadable);
        }

        var audience = expected.Audience!;
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAudiences = [audience, audience.StartsWith("api://", StringComparison.Ordinal) ? audience["api://".Length..] : audience],
            ValidAlgorithms = ["RS256", "RS384", "RS512", "ES256", "PS256"],
            ValidIssuer = OlderIssuer(expected.Authority!), // beside the one of the authority's document
            ConfigurationManager = keys,
            ClockSkew = TimeSpan.FromMinutes(2),
        });
        if (!result.IsValid)
        {
            return $"its token is not valid ({result.Exception?.GetType().Name})";
        }

        return result.Claims.TryGetValue("oid", out var oid) && expected.Identity!.Equals(oid as string, StringComparison.OrdinalIgnoreCase)
            ? null : "its token is of another identity";
    }

    /// <summary>The issuer of the older tokens of Microsoft Entra ID, which applications get that do not ask for the newer ones.</summary>
    private static string? OlderIssuer(string authority)
    {
        var parts = new Uri(authority).AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts is [var tenant, "v2.0"] ? $"https://sts.windows.net/{tenant}/" : null;
    }

    private ConfigurationManager<OpenIdConnectConfiguration> KeysOf(string authority)
    {
        if (_issuer is var (address, keys) && address == authority)
        {
            return keys;
        }

        var manager = new ConfigurationManager<OpenIdConnectConfiguration>(
            authority.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = !new Uri(authority).IsLoopback });
        _issuer = (authority, manager);
        return manager;
    }

    private GatewayException Refused(string reason)
    {
        LogRefused(reason);
        return new GatewayException(GatewayError.Unauthorized("This is not a call of the gateway's SignalR Service."));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The keys of gateway.realtime.upstream.authority cannot be read: {Reason}")]
    private partial void LogNoKeys(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call to the SignalR upstream was refused: {Reason}")]
    private partial void LogRefused(string reason);
}
