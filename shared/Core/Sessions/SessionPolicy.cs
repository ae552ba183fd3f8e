using OpenClaw.Configuration;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Sessions;

/// <summary>When a session has expired, and when its next turn resets it.</summary>
public sealed class SessionPolicy(GatewayConfigStore config, TimeProvider time)
{
    /// <summary>Sessions without a turn since then have expired; null keeps all.</summary>
    public DateTimeOffset? Cutoff => config.Current.Session.TtlDays is { } days ? time.GetUtcNow().AddDays(-days) : null;

    /// <summary>Deleted or expired: for readers it does not exist.</summary>
    public bool IsGone(SessionHead head) => head.IsDeleted || (head.UpdatedAt is { } last && Cutoff is { } cutoff && last < cutoff);

    /// <summary>Whether the next turn finds an empty session: it is gone, or its time of reset has come.</summary>
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

    /// <summary>The last time it was this hour by the host's clock.</summary>
    private DateTimeOffset LastReset(int hour)
    {
        var zone = time.LocalTimeZone;
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        var struck = now.Date.AddHours(hour);
        struck = struck > now.DateTime ? struck.AddDays(-1) : struck;
        return new DateTimeOffset(struck, zone.GetUtcOffset(struck));
    }
}
