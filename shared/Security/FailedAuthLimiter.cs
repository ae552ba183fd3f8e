using System.Collections.Concurrent;
using OpenClaw.Configuration;

namespace OpenClaw.Security;

/// <summary>Slows guessing: so many failures per window lock a client out of a credential class. A correct secret is never
/// locked out, missing credentials do not count, and a success clears the count.</summary>
public sealed class FailedAuthLimiter(GatewayConfigStore config, TimeProvider time)
{
    private const int MaxClients = 10_000;

    private readonly ConcurrentDictionary<(string Class, string Client), Failures> _failures = new();

    /// <summary>Counts one failure.</summary>
    /// <returns>How long the client is locked out, or null while it may go on.</returns>
    public TimeSpan? Fail(string credentialClass, string client)
    {
        var limits = config.Current.Gateway.Auth.RateLimit;
        var now = time.GetUtcNow();
        if (_failures.Count >= MaxClients)
        {
            Forget(now);
        }

        var entry = _failures.GetOrAdd((credentialClass, client), static _ => new Failures());
        lock (entry)
        {
            if (entry.LockedUntil > now)
            {
                return entry.LockedUntil - now;
            }

            if (now - entry.WindowStart > TimeSpan.FromMilliseconds(limits.WindowMs))
            {
                entry.WindowStart = now;
                entry.Count = 0;
            }

            if (++entry.Count <= limits.MaxAttempts)
            {
                return null;
            }

            entry.Count = 0;
            entry.LockedUntil = now + TimeSpan.FromMilliseconds(limits.LockoutMs);
            return entry.LockedUntil - now;
        }
    }

    public void Succeed(string credentialClass, string client)
    {
        if (!_failures.IsEmpty)
        {
            _failures.TryRemove((credentialClass, client), out _);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, entry) in _failures)
        {
            if (entry.LockedUntil <= now)
            {
                _failures.TryRemove(key, out _);
            }
        }
    }

    private sealed class Failures
    {
        public DateTimeOffset WindowStart { get; set; }

        public DateTimeOffset LockedUntil { get; set; }

        public int Count { get; set; }
    }
}
