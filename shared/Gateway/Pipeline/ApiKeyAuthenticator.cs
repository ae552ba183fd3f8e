using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Security.Keys;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Authenticates callers by a named key. Its scopes apply; the scopes header may narrow them.</summary>
public sealed class ApiKeyAuthenticator(ApiKeyCache keys, FailedAuthLimiter limiter, TimeProvider time)
{
    /// <summary>Failures are counted apart from those of the shared secret.</summary>
    private const string ApiKeyClass = "api-key";

    /// <param name="text">The Bearer value, which claims to be a key.</param>
    /// <param name="client">Bucket of the client's address; null for one that is never locked out.</param>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>403 forbidden</c>, <c>429 auth_rate_limited</c>, <c>503
    /// storage_unavailable</c>.</exception>
    public async ValueTask<Caller> AuthenticateAsync(HttpContext context, string text, string? client)
    {
        // A client that is locked out causes no read of storage: only keys that this instance knows are looked at.
        var id = ApiKeyText.IdOf(text);
        if (limiter.LockedFor(ApiKeyClass, client) is { } locked && (id is null || !keys.IsKnown(id)))
        {
            throw new GatewayException(GatewayError.TooManyFailedAttempts(locked));
        }

        var key = id is null ? null : await keys.FindAsync(id, context.RequestAborted);
        var (shown, now) = (new Secret(text), time.GetUtcNow());
        if (key is null || !key.Holds(shown, now))
        {
            throw new GatewayException(await limiter.FailAsync(ApiKeyClass, client) is { } wait
                ? GatewayError.TooManyFailedAttempts(wait)
                : ApiKey.Unknown());
        }

        key.CheckValid(now);
        keys.Touch(key);
        return Authenticator.Identity(key.Subject, key.Scopes, context) with { IsOwner = false, Key = key, Shown = shown };
    }
}
