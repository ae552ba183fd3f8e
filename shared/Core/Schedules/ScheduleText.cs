using System.Buffers;
using System.Globalization;
using Cronos;
using OpenClaw.Errors;

namespace OpenClaw.Schedules;

/// <summary>A schedule as callers write it and as it is stored. <c>{"kind":"at","at":"2027-01-31T08:00:00Z"}</c>,
/// <c>{"kind":"every","everyMs":3600000,"anchorMs":0}</c> or <c>{"kind":"cron","expr":"0 8 * * 1","tz":"Europe/Berlin"}</c>.</summary>
/// <param name="Kind"><c>at</c>, <c>every</c> or <c>cron</c>.</param>
public sealed record ScheduleText(string? Kind)
{
    /// <summary>The kind of a job that runs once.</summary>
    public const string Once = "at";

    /// <summary>The shortest time between two runs of a job.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    private const int MaxExpression = 256;

    private const long MostMilliseconds = 100L * 366 * 24 * 60 * 60 * 1000;

    private static readonly SearchValues<char> ZoneLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    /// <summary>ISO 8601; without an offset it is UTC.</summary>
    public string? At { get; init; }

    public long? EveryMs { get; init; }

    /// <summary>Unix milliseconds; absent: the time when the job was made.</summary>
    public long? AnchorMs { get; init; }

    /// <summary>Five fields (minute, hour, day, month, weekday), or six that begin with seconds.</summary>
    public string? Expr { get; init; }

    /// <summary>IANA name of the time zone; absent: UTC.</summary>
    public string? Tz { get; init; }

    /// <summary>Reads the schedule of a job.</summary>
    /// <param name="madeAt">When the job was made.</param>
    /// <exception cref="GatewayException"><c>400 invalid_request</c>, naming the field.</exception>
    public JobSchedule Read(DateTimeOffset madeAt)
    {
        switch (Kind)
        {
            case Once:
                Refuse(Once, ("everyMs", EveryMs), ("anchorMs", AnchorMs), ("expr", Expr), ("tz", Tz));
                return new OnceSchedule(ReadTime());
            case "every":
                Refuse("every", ("at", At), ("expr", Expr), ("tz", Tz));
                return ReadInterval(madeAt);
            case "cron":
                Refuse("cron", ("at", At), ("everyMs", EveryMs), ("anchorMs", AnchorMs));
                return new CronSchedule(Expr ?? "", ReadExpression(), ReadZone());
            case null:
                throw new GatewayException(GatewayError.MissingField("schedule.kind"));
            default:
                throw Invalid("kind", "must be 'at', 'every' or 'cron'.");
        }
    }

    private DateTimeOffset ReadTime() =>
        DateTimeOffset.TryParse(
            At, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        && At!.AsSpan().TrimStart().IndexOf('-') == 4 // ISO 8601, not "8 am"
            ? time : throw Invalid("at", "must be a date and time such as 2027-01-31T08:00:00Z.");

    private IntervalSchedule ReadInterval(DateTimeOffset madeAt)
    {
        if (EveryMs is not { } every || every < ShortestInterval.TotalMilliseconds || every > MostMilliseconds)
        {
            throw Invalid("everyMs", $"must be a number of milliseconds from 1000 to {MostMilliseconds}.");
        }

        if (AnchorMs is < 0 or > 4 * MostMilliseconds)
        {
            throw Invalid("anchorMs", "must be a time in Unix milliseconds.");
        }

        return new IntervalSchedule(
            TimeSpan.FromMilliseconds(every), AnchorMs is { } anchor ? DateTimeOffset.FromUnixTimeMilliseconds(anchor) : madeAt);
    }

    private CronExpression ReadExpression()
    {
        if (string.IsNullOrWhiteSpace(Expr))
        {
            throw new GatewayException(GatewayError.MissingField("schedule.expr"));
        }

        var fields = Expr.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        try
        {
            return Expr.Length <= MaxExpression
                ? CronExpression.Parse(Expr, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard)
                : throw Invalid("expr", $"must hold at most {MaxExpression} characters.");
        }
        catch (CronFormatException malformed)
        {
            throw Invalid("expr", $"is no cron expression of five or six fields: {malformed.Message}");
        }
    }

    private TimeZoneInfo ReadZone()
    {
        if (Tz is null)
        {
            return TimeZoneInfo.Utc;
        }

        // The name becomes part of a path where the zones are files.
        var isName = Tz.Length is > 0 and <= 64 && !Tz.AsSpan().ContainsAnyExcept(ZoneLetters) && Tz[0] != '/';
        return isName && TimeZoneInfo.TryFindSystemTimeZoneById(Tz, out var zone)
            ? zone : throw Invalid(
                "tz", $"must be a time zone of the IANA database, such as Europe/Berlin; '{Shown(Tz)}' is not known here.");
    }

    private static string Shown(string text) => text.Length <= 64 ? text : text[..64];

    private static void Refuse(string kind, params ReadOnlySpan<(string Name, object? Value)> others)
    {
        foreach (var (name, value) in others)
        {
            if (value is not null)
            {
                throw Invalid(name, $"does not belong to a schedule of the kind '{kind}'.");
            }
        }
    }

    private static GatewayException Invalid(string field, string message) =>
        new(GatewayError.InvalidRequest($"'schedule.{field}' {message}", $"schedule.{field}"));
}
