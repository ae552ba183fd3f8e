using Cronos;

namespace OpenClaw.Functions.SelfHost;

/// <summary>A six-field schedule (seconds, minutes, hours, day, month, weekday) as the Functions host reads it, in UTC.</summary>
public sealed class TimerSchedule
{
    private readonly CronExpression _expression;

    private TimerSchedule(CronExpression expression) => _expression = expression;

    /// <exception cref="FormatException">The text is no schedule of six fields.</exception>
    public static TimerSchedule Parse(string text) => new(CronExpression.Parse(text, CronFormat.IncludeSeconds));

    /// <summary>The first tick after a moment, in UTC.</summary>
    /// <exception cref="InvalidOperationException">There is none, as for a 31st of February.</exception>
    public DateTimeOffset Next(DateTimeOffset after) => _expression.GetNextOccurrence(after.ToUniversalTime(), TimeZoneInfo.Utc)
        ?? throw new InvalidOperationException($"The schedule '{_expression}' never ticks.");
}
