using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Security.Keys;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Authenticates callers by a named key. Its scopes apply; the scopes header may narrow them.</summary>
public sealed class ApiKeyAuthenticator(ApiKeyCache keys, FailedAuthLimiter limiter, TimeProvider time)
{
    /// <summary>Failures are counted apart from those of the shared secret, so that a success with a key does not reset
    /// that count.</summary>
    private const string ApiKeyClass = "api-key";

    /// <param name="text">The Bearer value, which claims to be a key.</param>
    /// <param name="client">Bucket of the client's address; null for one that is never locked out.</param>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>403 forbidden</c>, <c>429 auth_rate_limited</c>, <c>503
    /// storage_unavailable</c>.</exception>
    public async ValueTask<Caller> AuthenticateAsync(HttpContext context, string text, string? client)
    {
        var key = ApiKeyText.IdOf(text) is { } id ? await keys.FindAsync(id, context.RequestAborted) : null;
        var now = time.GetUtcNow();
        if (key is null || !key.Matches(text, now))
        {
            throw new GatewayException(await limiter.FailAsync(ApiKeyClass, client) is { } wait
                ? GatewayError.TooManyFailedAttempts(wait)
                : GatewayError.Unauthorized("This API key does not exist, or its secret has been replaced."));
        }

        if (key.RevokedAt is not null)
        {
            throw new GatewayException(GatewayError.Unauthorized("This API key has been revoked."));
        }

        if (key.ExpiresAt <= now)
        {
            throw new GatewayException(GatewayError.Unauthorized(string.Create(
                CultureInfo.InvariantCulture, $"This API key expired at {key.ExpiresAt.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}.")));
        }

        limiter.Succeed(ApiKeyClass, client);
        keys.Touch(key);
        return Authenticator.Identity(key.Subject, key.Scopes, context) with { IsOwner = false, Key = key };
    }
}
