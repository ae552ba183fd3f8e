using System.Globalization;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>A six-field schedule (seconds, minutes, hours, day, month, weekday), of which each field is <c>*</c>, a number, a
/// list or <c>*/n</c>: the part of the Functions host's NCRONTAB that this app's timers use.</summary>
public sealed class TimerSchedule
{
    private static readonly (int Min, int Max)[] Ranges = [(0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];

    private readonly bool[][] _fields;

    private TimerSchedule(bool[][] fields) => _fields = fields;

    /// <exception cref="FormatException">What is not one of the forms above.</exception>
    public static TimerSchedule Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == Ranges.Length
            ? new TimerSchedule([.. parts.Select((part, i) => ReadField(part, Ranges[i].Min, Ranges[i].Max))])
            : throw new FormatException($"The schedule '{text}' does not have six fields.");
    }

    /// <summary>The first tick after a moment, in UTC.</summary>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        var next = new DateTimeOffset(after.UtcTicks - (after.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero).AddSeconds(1);
        while (true)
        {
            if (!_fields[4][next.Month] || !_fields[3][next.Day] || !_fields[5][(int)next.DayOfWeek])
            {
                next = new DateTimeOffset(next.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
            }
            else if (!_fields[2][next.Hour])
            {
                next = next.AddHours(1).AddMinutes(-next.Minute).AddSeconds(-next.Second);
            }
            else if (!_fields[1][next.Minute])
            {
                next = next.AddMinutes(1).AddSeconds(-next.Second);
            }
            else if (!_fields[0][next.Second])
            {
                next = next.AddSeconds(1);
            }
            else
            {
                return next;
            }
        }
    }

    private static bool[] ReadField(string text, int min, int max)
    {
        var field = new bool[max + 1];
        foreach (var part in text.Split(','))
        {
            var (from, to, step) = part switch
            {
                "*" => (min, max, 1),
                ['*', '/', .. var every] => (min, max, Number(every, 1, max)),
                _ => Number(part, min, max) is var only ? (only, only, 1) : default,
            };
            for (var i = from; i <= to; i += step)
            {
                field[i] = true;
            }
        }

        return field;
    }

    private static int Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new FormatException($"'{text}' is no number from {min} to {max}.");
}
