using OpenClaw.Configuration;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Sessions;

/// <summary>When a session is over: gone for good, or reset by its next turn.</summary>
public sealed class SessionPolicy(GatewayConfigStore config, TimeProvider time)
{
    /// <summary>Sessions without a turn since then are gone; null keeps all.</summary>
    public DateTimeOffset? Cutoff => config.Current.Session.TtlDays is { } days ? time.GetUtcNow().AddDays(-days) : null;

    /// <summary>Deleted, or beyond its time to live: as good as never there.</summary>
    public bool IsGone(SessionHead head) => head.IsDeleted || (head.UpdatedAt is { } last && Cutoff is { } cutoff && last < cutoff);

    /// <summary>Whether the next turn finds an empty session.</summary>
    public bool IsOver(SessionHead head)
    {
        if (IsGone(head))
        {
            return true;
        }

        var reset = ResetOf(SessionKind.Of(head.Key));
        if (head.UpdatedAt is not { } last)
        {
            return false;
        }

        return reset.Mode switch
        {
            "daily" => last < LastReset(reset.AtHour),
            "idle" => last < time.GetUtcNow().AddMinutes(-reset.IdleMinutes),
            _ => false,
        };
    }

    private SessionResetSection ResetOf(SessionKind kind)
    {
        var session = config.Current.Session;
        return session.ResetByChannel.FirstOrDefault(c => c.Key.Equals(kind.Channel, StringComparison.OrdinalIgnoreCase)).Value
            ?? session.ResetByType.GetValueOrDefault(kind.Type) ?? session.Reset;
    }

    /// <summary>The last time this hour struck on the host's clock.</summary>
    private DateTimeOffset LastReset(int hour)
    {
        var zone = time.LocalTimeZone;
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        var struck = now.Date.AddHours(hour);
        struck = struck > now.DateTime ? struck.AddDays(-1) : struck;
        return new DateTimeOffset(struck, zone.GetUtcOffset(struck));
    }
}

/// <summary>What a session key says about where its messages come from.</summary>
/// <param name="Channel">Such as <c>api</c>, <c>openai</c>, <c>telegram</c>; empty where the key does not say.</param>
/// <param name="Type"><c>direct</c>, <c>group</c> or <c>thread</c>.</param>
public sealed record SessionKind(string Channel, string Type)
{
    /// <param name="key">Such as <c>agent:main:slack:channel:C1:thread:1.2</c>.</param>
    public static SessionKind Of(string key)
    {
        var parts = key.Split(':');
        if (parts is not ["agent", _, var channel, ..])
        {
            return new SessionKind("", "direct");
        }

        var type = parts.Length > 5 && parts[^2] is "thread" or "topic" ? "thread"
            : parts.Length > 4 && parts[3] is "group" or "channel" ? "group"
            : "direct";
        return new SessionKind(channel.EndsWith("-user", StringComparison.Ordinal) ? channel[..^"-user".Length] : channel, type);
    }
}
