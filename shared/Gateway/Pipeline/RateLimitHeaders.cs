using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Counts an authenticated request. The headers of its answer, also of an error, say how many requests its credential has
/// left.</summary>
public sealed class RateLimitHeaders(RateLimiter limiter)
{
    /// <exception cref="GatewayException"><c>429 rate_limited</c>.</exception>
    public async ValueTask TakeAsync(HttpContext context, Caller caller)
    {
        if (await limiter.TakeAsync(caller, context.RequestAborted) is not { } state)
        {
            return;
        }

        var headers = context.Response.Headers;
        headers["X-RateLimit-Limit"] = state.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = state.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = state.Reset.ToString(CultureInfo.InvariantCulture);
        if (state.RetryAfter is { } after)
        {
            throw new GatewayException(GatewayError.RateLimited(after));
        }
    }
}
