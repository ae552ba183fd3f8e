using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;
using OpenClaw.Security.Limits;
using OpenClaw.Security.Signatures;

namespace OpenClaw.Gateway.Hooks;

/// <summary>Whether a call may be made: it shows the hook token, or its mapping's signature is right. Twenty failures of a client in a
/// minute lock it out.</summary>
public sealed class HookAuth(GatewayConfigStore config, FailedAuthLimiter limiter, HostTraits host, TimeProvider time)
{
    private const string TokenHeader = "X-OpenClaw-Token";

    private const string QueryName = "token";

    private const string CredentialClass = "hooks";

    /// <summary>Checks the token, before the body is read.</summary>
    /// <exception cref="GatewayException"><c>400 credential_in_query</c>, <c>401</c>, <c>429 auth_rate_limited</c>.</exception>
    internal async Task CheckTokenAsync(HttpRequest request, HooksSection hooks, string? inPath)
    {
        if (request.Query.ContainsKey(QueryName) && !hooks.AllowQueryToken)
        {
            throw new GatewayException(GatewayError.SecretInQuery(QueryName));
        }

        var shown = Bearer(request) ?? One(request.Headers[TokenHeader]) ?? inPath ?? One(request.Query[QueryName]);
        if (shown is null)
        {
            throw new GatewayException(GatewayError.Unauthorized("Show the hook token as 'Authorization: Bearer' or 'X-OpenClaw-Token'."));
        }

        if (Secret.From(hooks.Token)?.Matches(shown) != true)
        {
            await FailAsync(request.HttpContext);
        }
    }

    /// <summary>Whether the headers are such that the body is worth reading.</summary>
    /// <exception cref="GatewayException"><c>401</c>, <c>429 auth_rate_limited</c>.</exception>
    internal async Task CheckHeadersAsync(HttpRequest request, IEventSignature signature)
    {
        if (!signature.MayBeSigned(HeadersOf(request), time.GetUtcNow()))
        {
            await FailAsync(request.HttpContext);
        }
    }

    /// <summary>Checks the signature over the body.</summary>
    /// <exception cref="GatewayException"><c>401</c>, <c>429 auth_rate_limited</c>.</exception>
    internal async Task<SignedEvent> CheckSignatureAsync(HttpRequest request, IEventSignature signature, byte[] body)
    {
        var verified = signature.Verify(HeadersOf(request), body, time.GetUtcNow());
        if (verified is null)
        {
            await FailAsync(request.HttpContext);
        }

        return verified!;
    }

    internal static IEventSignature SignatureOf(HookSignatureSection section) => section.Scheme switch
    {
        HookSignatureSection.GitHub => new GitHubSignature(section.Secret),
        HookSignatureSection.Stripe => new StripeSignature(section.Secret),
        _ => new StandardWebhook(section.Secret),
    };

    private static EventHeaders HeadersOf(HttpRequest request) => new(name => [.. request.Headers[name]]);

    private async Task FailAsync(HttpContext context)
    {
        var client = ClientAddress.Bucket(ClientAddress.Of(context, config.Current.Gateway.TrustedProxies, claimed: host.IsWorker));
        throw new GatewayException(await limiter.FailAsync(CredentialClass, client) is { } wait
            ? GatewayError.TooManyFailedAttempts(wait)
            : GatewayError.Unauthorized("The hook token or signature is not right."));
    }

    private static string? Bearer(HttpRequest request) =>
        One(request.Headers.Authorization) is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? value["Bearer ".Length..].Trim() : null;

    private static string? One(Microsoft.Extensions.Primitives.StringValues values) => values is [{ Length: > 0 } value] ? value : null;
}
