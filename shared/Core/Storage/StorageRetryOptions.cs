namespace OpenClaw.Storage;

/// <summary>
/// How often and how long a storage operation is tried: on 408, 429, 500, 502, 503, 504, a broken connection and a try that takes too long.
/// The delay before try n + 1 is drawn between half and all of <c>FirstDelay × 3ⁿ⁻¹</c>, or what <c>Retry-After</c> asks for; never above
/// <see cref="MaxDelay"/>.
/// </summary>
public sealed record StorageRetryOptions
{
    public int MaxTries { get; init; } = 4;

    /// <summary>Time of one try, its body included; larger bodies get one more second per 256 KiB.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time of all tries and delays together.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.4);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The clock that delays retries and bounds them.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal TimeSpan DelayAfter(int tries, TimeSpan? retryAfter)
    {
        var most = Math.Min(FirstDelay.TotalSeconds * Math.Pow(3, tries - 1), MaxDelay.TotalSeconds);
        var drawn = TimeSpan.FromSeconds(most * (0.5 + (Random.Shared.NextDouble() / 2)));
        var asked = retryAfter ?? TimeSpan.Zero;
        return asked <= drawn ? drawn : asked < MaxDelay ? asked : MaxDelay;
    }

    internal static TimeSpan BodyAllowance(long bytes) => TimeSpan.FromSeconds(bytes / (256.0 * 1024));
}
