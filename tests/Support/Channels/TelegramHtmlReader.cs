using System.Net;
using System.Text;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>Reads <c>parse_mode: HTML</c> by the rules of the Bot API: its tags only, each closed in order, entities known.</summary>
public static class TelegramHtmlReader
{
    private static readonly string[] Tags =
        ["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a", "tg-emoji", "code", "pre", "blockquote"];

    /// <returns>The text that a reader sees.</returns>
    /// <exception cref="FormatException">The message is what the platform says behind <c>can't parse entities:</c>.</exception>
    public static string Read(string html)
    {
        var text = new StringBuilder();
        var open = new Stack<string>();
        for (var i = 0; i < html.Length;)
        {
            if (html[i] == '<')
            {
                var end = html.IndexOf('>', i);
                var tag = end < 0 ? throw new FormatException($"Unclosed start tag at byte offset {i}") : html[(i + 1)..end];
                ReadTag(tag, i, open);
                i = end + 1;
            }
            else if (html[i] == '&')
            {
                i += ReadEntity(html.AsSpan(i), text);
            }
            else
            {
                text.Append(html[i++]);
            }
        }

        return open.Count == 0 ? text.ToString()
            : throw new FormatException($"Can't find end tag corresponding to start tag \"{open.Peek()}\"");
    }

    private static void ReadTag(string tag, int at, Stack<string> open)
    {
        if (tag.StartsWith('/'))
        {
            if (!open.TryPop(out var expected))
            {
                throw new FormatException($"Unexpected end tag at byte offset {at}");
            }

            if (expected != tag[1..].Trim())
            {
                throw new FormatException(
                    $"Unmatched end tag at byte offset {at}, expected \"</{expected}>\", found \"<{tag}>\"");
            }

            return;
        }

        var name = tag.Split(' ')[0];
        if (!Tags.Contains(name))
        {
            throw new FormatException($"Unsupported start tag \"{name}\" at byte offset {at}");
        }

        if (name == "blockquote" && open.Contains(name))
        {
            throw new FormatException("Nested blockquotes"); // the platform drops the inner one in silence; a test should not
        }

        if (open.TryPeek(out var outer) && (outer == "code" || (outer == "pre" && name != "code")))
        {
            throw new FormatException($"\"{name}\" within \"{outer}\""); // as above
        }

        open.Push(name);
    }

    private static int ReadEntity(ReadOnlySpan<char> html, StringBuilder text)
    {
        var end = html.IndexOf(';');
        var entity = end < 0 ? "" : html[..(end + 1)].ToString();
        if (entity is "&lt;" or "&gt;" or "&amp;" or "&quot;" || entity.StartsWith("&#", StringComparison.Ordinal))
        {
            text.Append(WebUtility.HtmlDecode(entity));
            return entity.Length;
        }

        text.Append('&');
        return 1;
    }
}
