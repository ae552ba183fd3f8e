using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Gateway.Channels.Text;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Text;

/// <summary>What holds of every answer, however it is cut.</summary>
[Trait("Feature", "F73")]
public partial class ChannelTextPropertyTests
{
    /// <summary>With its markup; a shorter message may have to divide it.</summary>
    private const int LongestCharacter = 48;

    [Fact]
    public void Parts_for_Telegram_are_whole_HTML_and_say_the_text() => Check(
        TelegramHtml.Instance, p => Assert.Equal(p.Plain, TelegramHtmlReader.Read(p.Text)));

    [Fact]
    public void Parts_for_Slack_have_closed_fences_and_say_the_text() => Check(SlackMrkdwn.Instance, part =>
    {
        var unlinked = SlackLink().Replace(part.Text, m => m.Groups[1].Value);
        Assert.DoesNotContain('<', unlinked);
        CheckMarks(part, unlinked.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace(
            "&amp;", "&", StringComparison.Ordinal));
    });

    [Fact]
    public void Parts_for_Discord_have_closed_fences_and_say_the_text() => Check(
        DiscordMarkdown.Instance, part => CheckMarks(part, DiscordLink().Replace(Fence().Replace(part.Text, "```\n"), "$1")));

    [Fact]
    public void Parts_for_WhatsApp_have_closed_fences_and_say_the_text() => Check(WhatsAppText.Instance, p => CheckMarks(p, p.Text));

    [Fact]
    public void Parts_of_plain_text_say_the_text() => Check(PlainText.Instance, p => Assert.Equal(p.Plain, p.Text));

    private static void Check(TextDialect dialect, Action<TextPart> checkMarkup) => Prop.ForAll(MarkdownCase.Any, answer =>
    {
        var text = ChannelText.Read(answer.Markdown, dialect);
        var whole = string.Concat(text.Runs.Select(r => r.Text));
        var characters = StringInfo.ParseCombiningCharacters(whole).ToHashSet();
        var at = 0;
        foreach (var part in text.Split(answer.Limits))
        {
            Assert.InRange(dialect.Length(part), 1, answer.MaxLength);
            Assert.InRange(part.Text.Count(c => c == '\n') + 1, 1, answer.MaxLines);
            var found = whole.IndexOf(part.Plain, at, StringComparison.Ordinal);
            Assert.True(found >= at, part.Plain);
            Assert.Empty(whole[at..found].Trim());
            Assert.True(answer.MaxLength < LongestCharacter || characters.Contains(found), part.Plain);
            checkMarkup(part);
            at = found + part.Plain.Length;
        }

        Assert.Empty(whole[at..].Trim());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(7, 1));

    private static void CheckMarks(TextPart part, string text)
    {
        Assert.True(part.Text.Split("```").Length % 2 == 1, part.Text);
        Assert.Equal(Marks().Replace(part.Plain, ""), Marks().Replace(text, ""));
    }

    [GeneratedRegex("<(?:[^|<>]*\\|)?([^<>]*)>")]
    private static partial Regex SlackLink();

    [GeneratedRegex(@"(?<!\\)\[((?:\\.|[^\]\\])*)\]\([^\s()]+\)")]
    private static partial Regex DiscordLink();

    [GeneratedRegex("^```.*$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"[*_~`>\\\s\u200b]")]
    private static partial Regex Marks();
}
