namespace OpenClaw.Tests.Core.Storage;

/// <summary>
/// A clock that does not wait: each timer is due at once and moves the time on by its length. Longer timers than <paramref name="longest"/>
/// never fire: they stand for timeouts that are not under test.
/// </summary>
internal sealed class SkippingClock(TimeSpan longest) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private long _skippedTicks;

    /// <summary>Lengths of the timers that fired, in order.</summary>
    public List<TimeSpan> Delays { get; } = [];

    public TimeSpan Skipped => TimeSpan.FromTicks(Interlocked.Read(ref _skippedTicks));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _start + Skipped;

    public override long GetTimestamp() => Skipped.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan || dueTime > longest)
        {
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Delays.Add(dueTime);
        Interlocked.Add(ref _skippedTicks, dueTime.Ticks);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
