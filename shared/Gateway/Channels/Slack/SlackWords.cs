using System.Text.RegularExpressions;

namespace OpenClaw.Gateway.Channels.Slack;

/// <summary>Slack's way of writing messages in events, read back to what the person typed.</summary>
internal static partial class SlackWords
{
    /// <summary>The text without Slack's escapes, and whether it mentions the app.</summary>
    /// <param name="bot">The id of the app's user.</param>
    public static (string Text, bool IsMention) Read(string text, string bot)
    {
        var mention = $"<@{bot}>";
        var isMention = text.Contains(mention, StringComparison.Ordinal) || text.Contains($"<@{bot}|", StringComparison.Ordinal);
        return (Decode(isMention ? WithoutMention(text, bot) : text), isMention);
    }

    /// <summary>Text without escapes: links, channels and names as they were typed.</summary>
    public static string Decode(string text) => Escape().Replace(text, match =>
    {
        var (target, label) = (match.Groups[1].Value, match.Groups[2].Value);
        return target switch
        {
            ['@', ..] => label.Length > 0 ? "@" + label.TrimStart('@') : $"<{target}>",
            ['#', ..] => label.Length > 0 ? "#" + label : $"<{target}>",
            ['!', .. var special] => label.Length > 0 ? label : "@" + special,
            _ => label.Length == 0 ? target : target.EndsWith(label, StringComparison.Ordinal) ? label : $"{label} ({target})",
        };
    }).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace(
        "&amp;", "&", StringComparison.Ordinal);

    /// <summary>A mention at the beginning or end calls the app and is no part of what it is asked.</summary>
    private static string WithoutMention(string text, string bot)
    {
        var mention = $"<@{Regex.Escape(bot)}(\\|[^>]*)?>";
        var began = Regex.Replace(text, $"^\\s*{mention}[ \\t,:]*\\n?", "");
        return began.Length < text.Length ? began : Regex.Replace(text, $"\\s*{mention}\\s*$", "");
    }

    [GeneratedRegex("<([^<>|]+)(?:\\|([^<>]*))?>")]
    private static partial Regex Escape();
}
