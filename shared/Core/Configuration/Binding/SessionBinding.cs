using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>session</c> section and <c>agents.defaults.compaction</c>.</summary>
internal static class SessionBinding
{
    private const int MostDays = 36_500;

    private const int MostMinutes = 5_256_000;

    private static readonly TextForm TypeForm = new("'direct', 'group' or 'thread'", text => text is "direct" or "group" or "thread");

    private static readonly TextForm PersonForm = new(
        "1 to 64 letters, digits, '-' or '_'",
        text => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    private static readonly TextForm LinkForm = new(
        "a channel, ':' and an id, such as 'telegram:42'",
        text => text.Split(':', 2) is [{ Length: > 0 } channel, { Length: > 0 } id] && channel.All(char.IsAsciiLetterOrDigit)
            && !id.StartsWith('@') && !id.Any(char.IsWhiteSpace));

    public static SessionSection Read(SectionReader reader) => new()
    {
        Reset = reader.Section("reset", Reset),
        ResetByType = reader.Map("resetByType", TypeForm, Reset),
        ResetByChannel = reader.Map("resetByChannel", TextForm.NotBlank, Reset),
        DmScope = reader.Choice("dmScope", "main", "per-peer", "per-channel-peer", "per-account-channel-peer") ?? "main",
        IdentityLinks = reader.MapOfTexts("identityLinks", PersonForm, LinkForm),
        TtlDays = (int?)reader.OptionalWhole("ttlDays", 1, MostDays),
    };

    public static CompactionSection Compaction(SectionReader reader)
    {
        var section = new CompactionSection();
        section.Enabled = reader.Flag("enabled", section.Enabled);
        if (reader.Has("threshold"))
        {
            section.Threshold = reader.Amount("threshold");
            if (section.Threshold is < 0.1m or > 1)
            {
                reader.Error("threshold", "must be a number from 0.1 to 1");
            }
        }

        return section;
    }

    private static SessionResetSection Reset(SectionReader reader)
    {
        var section = new SessionResetSection();
        section.Mode = reader.Choice("mode", "none", "daily", "idle") ?? section.Mode;
        section.AtHour = reader.Whole("atHour", section.AtHour, 0, 23);
        section.IdleMinutes = reader.Whole("idleMinutes", section.IdleMinutes, 1, MostMinutes);
        return section;
    }
}
