using OpenClaw.Configuration;

namespace OpenClaw.Security.Limits;

/// <summary>Failures of one client in the window that began at <paramref name="WindowStart"/>, and until when it is locked out.</summary>
public readonly record struct FailureCount(DateTimeOffset WindowStart, int Count, DateTimeOffset LockedUntil)
{
    /// <summary>How long the client is locked out; null while it may go on.</summary>
    public TimeSpan? LockedFor(DateTimeOffset now) => LockedUntil > now ? LockedUntil - now : null;

    /// <summary>One failure more. During a lock-out nothing counts, so that guessing on does not prolong it.</summary>
    public FailureCount Add(AuthRateLimitSection limits, DateTimeOffset now)
    {
        if (LockedUntil > now)
        {
            return this;
        }

        var isSameWindow = now - WindowStart <= TimeSpan.FromMilliseconds(limits.WindowMs);
        var count = isSameWindow ? Count + 1 : 1;
        return count <= limits.MaxAttempts
            ? new FailureCount(isSameWindow ? WindowStart : now, count, default)
            : new FailureCount(now, 0, now + TimeSpan.FromMilliseconds(limits.LockoutMs));
    }
}
