using OpenClaw.Gateway.Channels.Text;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Text;

/// <summary>Markdown of a model as the platforms take it.</summary>
[Trait("Feature", "F73")]
public class ChannelTextTests
{
    [Theory]
    [InlineData("a < b & c > \"d\"", "a &lt; b &amp; c &gt; &quot;d&quot;")]
    [InlineData("**bold** *italic* ~~gone~~ `x<y`", "<b>bold</b> <i>italic</i> <s>gone</s> <code>x&lt;y</code>")]
    [InlineData("# Head *line*\n\ntext", "<b>Head </b><b><i>line</i></b>\n\ntext")]
    [InlineData("***both***", "<b><i>both</i></b>")]
    [InlineData("**bold `code` bold**", "<b>bold </b><code>code</code><b> bold</b>")]
    [InlineData("[site](https://example.com/?a=1&b=\"2\")", "<a href=\"https://example.com/?a=1&amp;b=%222%22\">site</a>")]
    [InlineData("[evil](javascript:alert(1))", "evil (javascript:alert(1))")]
    [InlineData("https://example.com/a_b_c", "<a href=\"https://example.com/a_b_c\">https://example.com/a_b_c</a>")]
    [InlineData("```python\nif a < b:\n    go()\n```", "<pre><code class=\"language-python\">if a &lt; b:\n    go()</code></pre>")]
    [InlineData("```\"><script>\nx\n```", "<pre>x</pre>")]
    [InlineData("<script>alert(1)</script> <b>x</b>", "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;x&lt;/b&gt;")]
    [InlineData("<div>\n**b**\n</div>", "&lt;div&gt;\n<b>b</b>\n&lt;/div&gt;")]
    [InlineData("> one\n> > two\n\nafter", "<blockquote>one\n\n&gt; two</blockquote>\n\nafter")]
    [InlineData("> **b**\n> x", "<blockquote><b>b</b>\nx</blockquote>")]
    [InlineData("- a\n  - b\n- c\n\n3. x\n4. y", "• a\n  • b\n• c\n\n3. x\n4. y")]
    [InlineData("- [ ] open\n- [x] done", "• ☐ open\n• ☑ done")]
    [InlineData("- a\n\n  more\n\n  ```\n  code\n  ```\n- b", "• a\n  more\n<pre>code</pre>\n• b")]
    [InlineData("|A|Bee|\n|-|-|\n|**1**|x|\n|22||", "<pre>A  | Bee\n---|----\n1  | x\n22 |</pre>")]
    [InlineData("![a cat](https://example.com/cat.png)", "<a href=\"https://example.com/cat.png\">a cat</a>")]
    [InlineData("one\ntwo\n\n\n\nthree\n\n---\n\nfour", "one\ntwo\n\nthree\n\n──────────\n\nfour")]
    [InlineData("&lt;b&gt; &copy;", "&lt;b&gt; ©")]
    public void Telegram_gets_HTML(string markdown, string html)
    {
        var part = Assert.Single(ChannelText.Read(markdown, TelegramHtml.Instance).Split());
        Assert.Equal(html, part.Text);
        Assert.Equal(part.Plain, TelegramHtmlReader.Read(part.Text));
    }

    [Theory]
    [InlineData("<!channel> <@U123> & co", "&lt;!channel&gt; &lt;@U123&gt; &amp; co")]
    [InlineData("**bold** *it* ~~no~~ `a<b`", "*bold* _it_ ~no~ `a&lt;b`")]
    [InlineData("***both*** and **a *b***", "*_both_* and *a _b_*")]
    [InlineData("in**wor**d and **2*3**", "inword and 2*3")]
    [InlineData("**one\ntwo**", "*one*\n*two*")]
    [InlineData("[site](https://example.com/a|b?x&y)", "<https://example.com/a%7Cb?x&amp;y|site>")]
    [InlineData("https://example.com/a_b", "<https://example.com/a_b>")]
    [InlineData("<me@example.com>", "<mailto:me@example.com|me@example.com>")]
    [InlineData("```python\na & b\n```\nafter", "```\na &amp; b\n```\n\nafter")]
    [InlineData("> quoted **text**\n> more", "> quoted *text*\n> more")]
    [InlineData("# Title", "*Title*")]
    [InlineData("a \\`\\`\\` b", "a `\u200b`` b")]
    public void Slack_gets_mrkdwn(string markdown, string mrkdwn) =>
        Assert.Equal(mrkdwn, Assert.Single(ChannelText.Read(markdown, SlackMrkdwn.Instance).Split()).Text);

    [Theory]
    [InlineData("**bold** *it* ~~no~~ `code`", "**bold** _it_ ~~no~~ `code`")]
    [InlineData("snake_case 2\\*3 | <@123> \\[x](y)", "snake\\_case 2\\*3 \\| \\<@123> \\[x\\](y)")]
    [InlineData("\\# no head\n\n\\> no quote\n\n1\\. no list", "\\# no head\n\n\\> no quote\n\n1\\. no list")]
    [InlineData("- a\n- b\n\n1. c", "- a\n- b\n\n1. c")]
    [InlineData("[a(b)](https://example.com/x_(y))", "[a(b)](https://example.com/x_%28y%29)")]
    [InlineData("https://example.com/a_b_c", "https://example.com/a_b_c")]
    [InlineData("``a`b``", "``a`b``")]
    [InlineData("```cs\nvar a = \"*\";\n```", "```cs\nvar a = \"*\";\n```")]
    [InlineData("````\n```\nx\n```\n````", "```\n`\u200b``\nx\n`\u200b``\n```")]
    public void Discord_gets_its_Markdown(string markdown, string text) =>
        Assert.Equal(text, Assert.Single(ChannelText.Read(markdown, DiscordMarkdown.Instance).Split()).Text);

    [Theory]
    [InlineData("**bold** *it* ~~no~~ `code`", "*bold* _it_ ~no~ `code`")]
    [InlineData("[site](https://example.com) https://example.org", "site (https://example.com) https://example.org")]
    [InlineData("> quote\n\n- a\n- b", "> quote\n\n• a\n• b")]
    public void WhatsApp_gets_its_marks(string markdown, string text) =>
        Assert.Equal(text, Assert.Single(ChannelText.Read(markdown, WhatsAppText.Instance).Split()).Text);

    [Fact]
    public void Plain_text_has_no_marks()
    {
        const string Markdown = "# Title\n\n[**bold**](https://example.com)\n\n- a\n\n```\nx = 1\n```";
        Assert.Equal(
            "Title\n\nbold (https://example.com)\n\n- a\n\nx = 1",
            Assert.Single(ChannelText.Read(Markdown, PlainText.Instance).Split()).Text);
    }

    [Fact]
    public void A_fence_that_is_cut_is_closed_and_opened_again_with_its_language()
    {
        var code = string.Join('\n', Enumerable.Range(0, 12).Select(i => $"line {i}"));
        var parts = ChannelText.Read($"Look:\n\n```rust\n{code}\n```\n\nDone.", DiscordMarkdown.Instance).Split(new(2000, 9));

        Assert.Equal(3, parts.Count);
        Assert.StartsWith("Look:\n\n```rust\nline 0\n", parts[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("\n```", parts[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("```rust\nline ", parts[1].Text, StringComparison.Ordinal);
        Assert.EndsWith("Done.", parts[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Indentation_survives_a_cut_within_code()
    {
        var parts = ChannelText.Read("```\nfirst line\n    second line\n```", TelegramHtml.Instance).Split(new(18));
        Assert.Equal(["<pre>first line</pre>", "<pre>    second line</pre>"], parts.Select(p => p.Text));
    }

    [Fact]
    public void A_cut_prefers_the_end_of_a_paragraph_then_of_a_line_then_of_a_word()
    {
        var text = ChannelText.Read("one two three\n\nfour five\nsix seven eight nine", PlainText.Instance);
        Assert.Equal(["one two three", "four five", "six seven eight", "nine"], text.Split(new(16)).Select(p => p.Text));
    }

    [Fact]
    public void Markup_longer_than_a_message_is_left_out()
    {
        var parts = ChannelText.Read($"[label](https://example.com/{new string('x', 100)})", DiscordMarkdown.Instance).Split(new(64));
        Assert.Equal(["label"], parts.Select(p => p.Text));
    }

    [Fact]
    public void Own_files_leave_the_text_and_other_pictures_stay_as_links()
    {
        const string Answer = """
            Here it is.

            ![chart](/media/media_1)
            MEDIA:/media/media_2
            MEDIA:/etc/passwd

            ```
            MEDIA:/media/media_3
            ```
            ![far](https://example.com/x.png)
            """;
        var text = ChannelText.Read(Answer, TelegramHtml.Instance, a => a.StartsWith("/media/", StringComparison.Ordinal));

        Assert.Equal(["/media/media_1", "/media/media_2"], text.Files);
        Assert.Equal(
            "Here it is.\n\nMEDIA:/etc/passwd\n\n<pre>MEDIA:/media/media_3</pre>\n\n<a href=\"https://example.com/x.png\">far</a>",
            Assert.Single(text.Split()).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n ")]
    [InlineData("[](#)\n\n```\n```")]
    public void Nothing_to_say_is_no_message(string markdown) =>
        Assert.All(ChannelText.Read(markdown, TelegramHtml.Instance).Split(), p => Assert.Equal("#", p.Text));

    [Fact]
    public void Text_nested_beyond_reason_is_sent_as_it_is()
    {
        var parts = ChannelText.Read(new string('>', 5000) + " deep", TelegramHtml.Instance).Split();
        Assert.Contains("deep", string.Concat(parts.Select(p => TelegramHtmlReader.Read(p.Text))), StringComparison.Ordinal);
    }
}
