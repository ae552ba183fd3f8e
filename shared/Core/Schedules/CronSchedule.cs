using Cronos;

namespace OpenClaw.Schedules;

/// <summary>At wall-clock times of a zone. A time that the clock skips in spring is due when the clock has been moved; a time that it
/// shows twice in autumn is due the first time. Expressions with intervals (<c>*</c>, <c>/</c> or <c>-</c> in seconds, minutes or hours)
/// go on without a gap or a pause in both nights.</summary>
/// <param name="Expression">As it was written.</param>
public sealed record CronSchedule(string Expression, CronExpression Times, TimeZoneInfo Zone) : JobSchedule
{
    public override DateTimeOffset? NextAfter(DateTimeOffset time) => Times.GetNextOccurrence(time, Zone);
}
