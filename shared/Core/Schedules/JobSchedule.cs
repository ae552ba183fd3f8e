namespace OpenClaw.Schedules;

/// <summary>When a job is due.</summary>
public abstract record JobSchedule
{
    /// <summary>The first time later than <paramref name="time"/> when the job is due; null when there is none.</summary>
    public abstract DateTimeOffset? NextAfter(DateTimeOffset time);
}

/// <summary>Once.</summary>
public sealed record OnceSchedule(DateTimeOffset At) : JobSchedule
{
    public override DateTimeOffset? NextAfter(DateTimeOffset time) => At > time ? At : null;
}

/// <summary>Again and again at a fixed distance.</summary>
/// <param name="Every">Longer than zero.</param>
/// <param name="Anchor">One of the times when it is due; the others are a whole number of <see cref="Every"/> away.</param>
public sealed record IntervalSchedule(TimeSpan Every, DateTimeOffset Anchor) : JobSchedule
{
    public override DateTimeOffset? NextAfter(DateTimeOffset time)
    {
        if (time < Anchor)
        {
            return Anchor;
        }

        var passed = (time - Anchor).Ticks / Every.Ticks;
        return DateTimeOffset.MaxValue - time > Every ? Anchor + (Every * (passed + 1)) : null;
    }
}
