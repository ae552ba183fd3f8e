using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;

namespace OpenClaw.Gateway.Channels.Discord;

/// <summary>What Discord's headers say about its rate limits: a route whose last answer left nothing is not called before its time.
/// Calls that Discord refuses count towards a ban of the address.</summary>
internal sealed class DiscordLimits(TimeProvider time)
{
    private const string Everything = "*";

    /// <summary>Routes to remember; tokens of interactions are routes of their own.</summary>
    private const int MostRoutes = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <summary>How long the route, or everything, must not be called; null when it may be called now.</summary>
    public TimeSpan? PauseOf(string route)
    {
        var pause = Math.Max(LeftOf(route), LeftOf(Everything));
        return pause > 0 ? TimeSpan.FromTicks(pause) : null;
    }

    public void Note(string route, HttpResponseHeaders headers)
    {
        if (Read(headers, "X-RateLimit-Remaining") == 0 && Read(headers, "X-RateLimit-Reset-After") is { } seconds)
        {
            Close(route, seconds);
        }
    }

    public void Close(string route, double seconds, bool isGlobal = false)
    {
        var now = time.GetUtcNow();
        if (_until.Count > MostRoutes)
        {
            foreach (var (old, until) in _until.Where(entry => entry.Value <= now))
            {
                _until.TryRemove(KeyValuePair.Create(old, until));
            }
        }

        _until[isGlobal ? Everything : route] = now + TimeSpan.FromSeconds(seconds);
    }

    private long LeftOf(string route)
    {
        if (!_until.TryGetValue(route, out var until))
        {
            return 0;
        }

        var left = (until - time.GetUtcNow()).Ticks;
        if (left <= 0)
        {
            _until.TryRemove(KeyValuePair.Create(route, until));
        }

        return left;
    }

    private static double? Read(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values)
        && double.TryParse(values.First(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
