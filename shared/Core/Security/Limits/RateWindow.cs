using System.Globalization;
using System.Text;

namespace OpenClaw.Security.Limits;

/// <summary>What was used in each second of the last minute. A second counts until a whole minute has passed since its end, so no
/// sixty seconds ever hold more than the limit. Counts dated ahead of the reader's clock, by skew or a jump, count as of now.</summary>
public sealed class RateWindow
{
    /// <summary>Seconds.</summary>
    public const int Length = 60;

    private readonly SortedDictionary<long, long> _counts = [];

    /// <summary>From <see cref="ToString"/>; what makes no sense is left out.</summary>
    public static RateWindow Parse(string? text)
    {
        var window = new RateWindow();
        foreach (var part in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0
                && long.TryParse(part.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var second)
                && long.TryParse(part.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                window.Add(second, count);
            }
        }

        return window;
    }

    public void Add(long second, long count)
    {
        if (count > 0)
        {
            _counts[second] = _counts.GetValueOrDefault(second) + count;
        }
    }

    /// <summary>What counts at a second (Unix time).</summary>
    public long Sum(long now)
    {
        Trim(now);
        long sum = 0;
        foreach (var count in _counts.Values)
        {
            sum += count;
        }

        return sum;
    }

    /// <summary>When the oldest count leaves the window; null when there is none.</summary>
    public long? NextRelease(long now)
    {
        Trim(now);
        foreach (var second in _counts.Keys)
        {
            return second + Length + 1;
        }

        return null;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (second, count) in _counts)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"{second}:{count}");
        }

        return text.ToString();
    }

    private void Trim(long now)
    {
        long ahead = 0;
        foreach (var (second, count) in _counts.ToArray())
        {
            if (second > now || second + Length < now)
            {
                ahead += second > now ? count : 0;
                _counts.Remove(second);
            }
        }

        Add(now, ahead);
    }
}
