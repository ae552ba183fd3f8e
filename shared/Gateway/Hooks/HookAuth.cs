using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Security;
using OpenClaw.Security.Limits;
using OpenClaw.Security.Signatures;

namespace OpenClaw.Gateway.Hooks;

/// <summary>Whether a call may be made: it shows the hook token, or its mapping's signature is right. A client that fails more than
/// twenty times in a minute, as the original counts, is locked out for one.</summary>
public sealed class HookAuth(FailedAuthLimiter limiter, CurrentAuth auth, HostTraits host, TimeProvider time)
{
    public const string TokenHeader = "X-OpenClaw-Token";

    public const string QueryName = "token";

    private const string CredentialClass = "hooks";

    private static readonly AuthRateLimitSection Limits = new() { MaxAttempts = 20, WindowMs = 60_000, LockoutMs = 60_000 };

    /// <summary>Whether a call shows a token at all.</summary>
    internal static bool ShowsToken(HttpRequest request, HooksSection hooks, HookPath path) => Shown(request, hooks, path) is not null;

    /// <summary>Checks the token, before the body is read.</summary>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>429 auth_rate_limited</c>.</exception>
    internal async Task CheckTokenAsync(HttpRequest request, HooksSection hooks, HookPath path)
    {
        if (Shown(request, hooks, path) is not { } shown)
        {
            throw new GatewayException(GatewayError.Unauthorized($"Show the hook token as 'Authorization: Bearer' or '{TokenHeader}'."));
        }

        if (Secret.From(hooks.Token)?.Matches(shown) != true)
        {
            throw await FailAsync(request.HttpContext);
        }
    }

    /// <summary>Whether the headers are such that the body is worth reading.</summary>
    internal bool MayBeSigned(HttpRequest request, HookSignatureSection section) =>
        SignatureOf(section).MayBeSigned(HeadersOf(request), time.GetUtcNow());

    /// <summary>The event, if its signature over the body is right; else null.</summary>
    internal SignedEvent? Verify(HttpRequest request, HookSignatureSection section, ReadOnlySpan<byte> body) =>
        SignatureOf(section).Verify(HeadersOf(request), body, time.GetUtcNow());

    /// <summary>Counts a call that is not proven.</summary>
    internal async Task<GatewayException> FailAsync(HttpContext context)
    {
        var settings = auth.Settings;
        var client = ClientAddress.Bucket(ClientAddress.Of(context, settings.TrustedProxies, claimed: host.IsWorker));
        return new GatewayException(await limiter.FailAsync(CredentialClass, client, Limits) is { } wait
            ? GatewayError.TooManyFailedAttempts(wait)
            : GatewayError.Unauthorized("The hook token or signature is not right."));
    }

    private static IEventSignature SignatureOf(HookSignatureSection section) => section.Scheme switch
    {
        HookSignatureSection.GitHub => new GitHubSignature(section.Secret),
        HookSignatureSection.Stripe => new StripeSignature(section.Secret),
        _ => new StandardWebhook(section.Secret),
    };

    private static EventHeaders HeadersOf(HttpRequest request) => new(name => [.. request.Headers[name]]);

    private static string? Shown(HttpRequest request, HooksSection hooks, HookPath path) =>
        Bearer(request) ?? One(request.Headers[TokenHeader]) ?? path.Token
            ?? (hooks.AllowQueryToken ? One(request.Query[QueryName]) : null);

    private static string? Bearer(HttpRequest request) =>
        One(request.Headers.Authorization) is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? value["Bearer ".Length..].Trim() : null;

    private static string? One(StringValues values) => values is [{ Length: > 0 } value] ? value : null;
}
