using System.Collections.Concurrent;
using OpenClaw.Configuration;

namespace OpenClaw.Security.Limits;

/// <summary>Slows guessing: so many failures per window lock a client out of a credential class, on all instances. A correct secret
/// is never locked out and touches no storage, and missing credentials do not count. A success clears nothing: the same address may be
/// that of others, who would get new guesses with each one.</summary>
public sealed class FailedAuthLimiter(GatewayConfigStore config, FailedAuthTable table, TimeProvider time)
{
    private const int MaxClients = 10_000;

    private readonly ConcurrentDictionary<(string Class, string Client), Failures> _failures = new();

    /// <summary>Counts one failure. A lock-out this instance knows of is answered from memory; while storage is down each instance
    /// goes on from the last count it saw.</summary>
    /// <param name="client">Null for a client that is never locked out.</param>
    /// <param name="own">Limits of the credential class; null for those of <c>gateway.auth.rateLimit</c>.</param>
    /// <returns>How long the client is locked out, or null while it may go on.</returns>
    public async ValueTask<TimeSpan?> FailAsync(string credentialClass, string? client, AuthRateLimitSection? own = null)
    {
        if (client is null)
        {
            return null;
        }

        if (_failures.Count >= MaxClients)
        {
            Forget(time.GetUtcNow());
        }

        var entry = _failures.GetOrAdd((credentialClass, client), static _ => new Failures());
        await entry.Turn.WaitAsync();
        try
        {
            if (entry.Count.LockedFor(time.GetUtcNow()) is { } known)
            {
                return known;
            }

            var limits = own ?? config.Current.Gateway.Auth.RateLimit;
            var count = await table.AddAsync(credentialClass, client, limits);
            entry.Count = count ?? entry.Count.Add(limits, time.GetUtcNow());
            return entry.Count.LockedFor(time.GetUtcNow());
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    /// <summary>How long the client is locked out as far as this instance knows; null while it may go on. Reads no storage.</summary>
    /// <param name="client">Null for one that is never locked out.</param>
    public TimeSpan? LockedFor(string credentialClass, string? client) =>
        client is not null && _failures.TryGetValue((credentialClass, client), out var entry)
            ? entry.Count.LockedFor(time.GetUtcNow()) : null;

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, entry) in _failures)
        {
            if (entry.Count.LockedFor(now) is null)
            {
                _failures.TryRemove(key, out _);
            }
        }
    }

    private sealed class Failures
    {
        /// <summary>One request at a time writes the row.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public FailureCount Count { get; set; }
    }
}
