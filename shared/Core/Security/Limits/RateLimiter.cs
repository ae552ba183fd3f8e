using System.Collections.Concurrent;
using OpenClaw.Configuration;

namespace OpenClaw.Security.Limits;

/// <summary>Requests per minute and credential, over all instances together.</summary>
public sealed class RateLimiter(GatewayConfigStore config, RateLimitTable table, TimeProvider time)
{
    private const int MaxBuckets = 10_000;

    private readonly ConcurrentDictionary<string, RateBucket> _buckets = new(StringComparer.Ordinal);

    /// <returns>Null when requests are not limited.</returns>
    public ValueTask<RateState?> TakeAsync(Caller caller, CancellationToken cancellationToken)
    {
        long limit = caller.Key?.RequestsPerMinute ?? config.Current.Gateway.Http.RateLimit.RequestsPerMinute;
        return limit > 0 ? TakeAsync(caller.Device ?? caller.Subject, limit, cancellationToken) : ValueTask.FromResult<RateState?>(null);
    }

    private async ValueTask<RateState?> TakeAsync(string subject, long limit, CancellationToken cancellationToken)
    {
        if (_buckets.Count >= MaxBuckets)
        {
            Forget();
        }

        var bucket = _buckets.GetOrAdd(
            subject, static (name, limiter) => new RateBucket(name, limiter.Table, limiter.Time), (Table: table, Time: time));
        return await bucket.TakeAsync(limit, cancellationToken);
    }

    private void Forget()
    {
        var idle = time.GetUtcNow().ToUnixTimeSeconds() - (2 * RateWindow.Length);
        foreach (var (subject, bucket) in _buckets)
        {
            if (bucket.LastUsed < idle)
            {
                _buckets.TryRemove(subject, out _);
            }
        }
    }
}
