using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace OpenClaw.Media.Documents;

/// <summary>The words of an HTML page, in reading order: a line a block, cells apart, no scripts, styles or markup. Works on the stream of
/// tokens, so that neither depth nor nesting of a page costs more than its length.</summary>
internal static class HtmlText
{
    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "dd", "details", "dialog", "div", "dl", "dt",
            "fieldset", "figcaption", "figure",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "menu", "nav", "ol", "option", "p",
            "pre", "section", "select", "summary",
        "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
    };

    /// <summary>What is inside them is not for reading.</summary>
    private static readonly HashSet<string> Skipped = new(
        StringComparer.Ordinal) { "script", "style", "iframe", "noembed", "noframes", "xmp" };

    private static readonly HashSet<string> Hidden = new(
        StringComparer.Ordinal) { "noscript", "template", "svg", "math", "object", "canvas", "audio", "video" };

    /// <param name="maxChars">Where to stop.</param>
    public static string Read(string html, int maxChars)
    {
        using var source = new TextSource(html);
        var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver);
        var text = new StringBuilder();
        var line = new StringBuilder();
        string? hidden = null;
        var depth = 0;
        var isRaw = false;
        while (text.Length + line.Length <= maxChars && tokenizer.Get() is { Type: not HtmlTokenType.EndOfFile } token)
        {
            switch (token)
            {
                case HtmlTagToken { Type: HtmlTokenType.StartTag } tag when hidden is null:
                    var name = tag.Name;
                    tokenizer.State = ModeOf(name);
                    isRaw = Skipped.Contains(name);
                    if (Hidden.Contains(name) && !tag.IsSelfClosing)
                    {
                        (hidden, depth) = (name, 1);
                    }

                    Open(text, line, name, tag);
                    break;
                case HtmlTagToken { Type: HtmlTokenType.StartTag } tag:
                    tokenizer.State = ModeOf(tag.Name);
                    depth += tag.Name == hidden && !tag.IsSelfClosing ? 1 : 0;
                    break;
                case HtmlTagToken { Type: HtmlTokenType.EndTag } tag when hidden is not null:
                    depth -= tag.Name == hidden ? 1 : 0;
                    hidden = depth == 0 ? null : hidden;
                    break;
                case HtmlTagToken { Type: HtmlTokenType.EndTag } tag:
                    isRaw = false;
                    if (Blocks.Contains(tag.Name))
                    {
                        EndLine(text, line);
                    }

                    break;
                case { Type: HtmlTokenType.Character } when hidden is null && !isRaw:
                    Append(line, token.Data);
                    break;
            }
        }

        EndLine(text, line);
        return text.ToString().TrimEnd('\n');
    }

    private static void Open(StringBuilder text, StringBuilder line, string name, HtmlTagToken tag)
    {
        if (Blocks.Contains(name))
        {
            EndLine(text, line);
        }

        switch (name)
        {
            case "li":
                line.Append("- ");
                break;
            case "td" or "th" when line.Length > 0:
                line.Append(" | ");
                break;
            case "img" when tag.GetAttribute("alt") is { Length: > 0 } alt:
                Append(line, $"[{alt}]");
                break;
        }
    }

    /// <summary>Elements whose inside is not markup; the rest of a page after an unclosed one is lost, as in a browser.</summary>
    internal static HtmlParseMode ModeOf(string name) => name switch
    {
        "script" => HtmlParseMode.Script,
        "style" or "iframe" or "noembed" or "noframes" or "xmp" => HtmlParseMode.Rawtext,
        "title" or "textarea" => HtmlParseMode.RCData,
        "plaintext" => HtmlParseMode.Plaintext,
        _ => HtmlParseMode.PCData,
    };

    /// <summary>Runs of white space are one space, as a browser shows them.</summary>
    private static void Append(StringBuilder line, string words)
    {
        foreach (var letter in words)
        {
            if (!char.IsWhiteSpace(letter))
            {
                line.Append(letter);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }
    }

    private static void EndLine(StringBuilder text, StringBuilder line)
    {
        var words = line.ToString().Trim();
        if (words.Length > 0)
        {
            text.Append(words).Append('\n');
        }

        line.Clear();
    }
}
