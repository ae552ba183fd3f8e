using System.Globalization;

namespace OpenClaw.Models.Upstream;

/// <summary>Reads how long a provider asks us to wait. Sources: RFC 9110 §10.2.3; OpenAI's <c>retry-after-ms</c>.</summary>
public static class RetryAfter
{
    /// <summary>Longer waits are cut to this.</summary>
    public static readonly TimeSpan DefaultCap = TimeSpan.FromDays(1);

    /// <summary>Parses a <c>Retry-After</c> value: seconds (a fraction is allowed) or an HTTP date.</summary>
    /// <returns>Within [0, <paramref name="cap"/>]; null when absent or not a value.</returns>
    public static TimeSpan? Parse(string? value, DateTimeOffset now, TimeSpan cap) =>
        ParseNumber(value, TimeSpan.TicksPerSecond, cap)
        ?? (DateTimeOffset.TryParseExact(
            value?.Trim(),
            ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var date)
            ? Clamp(date - now, cap)
            : null);

    /// <summary>Parses a <c>retry-after-ms</c> value.</summary>
    /// <inheritdoc cref="Parse" path="/returns"/>
    public static TimeSpan? ParseMilliseconds(string? value, TimeSpan cap) =>
        ParseNumber(value, TimeSpan.TicksPerMillisecond, cap);

    /// <summary>The wait that a response asks for; <c>retry-after-ms</c> comes first because it is more exact.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now) =>
        ParseMilliseconds(Header(response, "retry-after-ms"), DefaultCap)
        ?? Parse(Header(response, "Retry-After"), now, DefaultCap);

    private static TimeSpan? ParseNumber(string? value, long ticksPerUnit, TimeSpan cap)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
            | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (!double.TryParse(value, Style, CultureInfo.InvariantCulture, out var number) || double.IsNaN(number))
        {
            return null;
        }

        var ticks = number * ticksPerUnit;
        return ticks <= 0 ? TimeSpan.Zero : ticks >= cap.Ticks ? cap : TimeSpan.FromTicks((long)ticks);
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan cap) =>
        value < TimeSpan.Zero ? TimeSpan.Zero : value > cap ? cap : value;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
