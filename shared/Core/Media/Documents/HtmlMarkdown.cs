using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace OpenClaw.Media.Documents;

/// <summary>A page as Markdown.</summary>
/// <param name="Title">Null when it has none.</param>
internal sealed record HtmlPage(string? Title, string Markdown);

/// <summary>What a reader of an HTML page reads, as Markdown: headings, lists, links, tables and code of its main part, without menus,
/// scripts, forms and what is hidden. Works on the stream of tokens, so that neither depth nor nesting of a page costs more than its
/// length.</summary>
internal sealed class HtmlMarkdown
{
    /// <summary>A main part that is shorter than this share of the page is not the main part.</summary>
    private const double LeastShare = 0.2;

    private const int LeastMain = 200;

    /// <summary>What is inside them is not for reading.</summary>
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "nav", "aside", "footer", "form", "button", "select", "textarea", "noscript", "template", "svg", "math", "object", "canvas",
        "audio", "video", "iframe", "script", "style", "noembed", "noframes", "xmp", "dialog", "menu", "datalist",
    };

    private static readonly HashSet<string> Void = new(StringComparer.Ordinal)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    };

    private readonly MarkdownWriter _writer;
    private (string Name, int Depth) _hidden;
    private string? _title;
    private bool _isTitle;
    private (int Start, int Depth, string Name)? _main;
    private (int Start, int End) _longest;

    private HtmlMarkdown(Uri? source) => _writer = new MarkdownWriter(source);

    /// <param name="source">Where the page is from, for its relative links.</param>
    public static HtmlPage Read(string html, Uri? source)
    {
        using var text = new TextSource(html);
        var tokenizer = new HtmlTokenizer(text, HtmlEntityProvider.Resolver);
        var reader = new HtmlMarkdown(source);
        while (tokenizer.Get() is { Type: not HtmlTokenType.EndOfFile } token)
        {
            if (token is HtmlTagToken { Type: HtmlTokenType.StartTag } start)
            {
                tokenizer.State = HtmlText.ModeOf(start.Name);
            }

            reader.Take(token);
        }

        return reader.End();
    }

    /// <summary>The absolute address of a link; null for one that leads nowhere else.</summary>
    public static string? UrlOf(Uri? source, string? href) =>
        href is { Length: > 0 } && !href.StartsWith('#')
            && (source is null ? Uri.TryCreate(href, UriKind.Absolute, out var url) : Uri.TryCreate(source, href, out url))
            && url is { Scheme: "https" or "http" }
            ? url.AbsoluteUri.Replace(")", "%29", StringComparison.Ordinal) : null;

    private void Take(HtmlToken token)
    {
        switch (token)
        {
            case HtmlTagToken tag when _hidden.Depth > 0:
                _hidden.Depth += tag.Name != _hidden.Name || tag.IsSelfClosing ? 0 : tag.Type == HtmlTokenType.StartTag ? 1 : -1;
                break;
            case HtmlTagToken { Type: HtmlTokenType.StartTag } tag when IsHidden(tag):
                _hidden = (tag.Name, tag.IsSelfClosing || Void.Contains(tag.Name) ? 0 : 1);
                break;
            case HtmlTagToken { Type: HtmlTokenType.StartTag } tag:
                Open(tag);
                break;
            case HtmlTagToken { Type: HtmlTokenType.EndTag } tag:
                Close(tag.Name);
                break;
            case { Type: HtmlTokenType.Character } when _isTitle:
                _title += token.Data;
                break;
            case { Type: HtmlTokenType.Character } when _hidden.Depth == 0:
                _writer.Text(token.Data);
                break;
        }
    }

    private void Open(HtmlTagToken tag)
    {
        if (tag.Name == "title")
        {
            _isTitle = _title is null;
            return;
        }

        if (_main is { } main)
        {
            _main = tag.Name == main.Name ? main with { Depth = main.Depth + 1 } : main;
        }
        else if (tag.Name is "main" or "article" || tag.GetAttribute("role") == "main")
        {
            _writer.EndBlock();
            _main = (_writer.Length, 1, tag.Name);
        }

        _writer.Open(tag.Name, name => tag.GetAttribute(name));
    }

    private void Close(string name)
    {
        if (name == "title")
        {
            _isTitle = false;
            return;
        }

        _writer.Close(name);
        if (_main is not { } main || main.Name != name)
        {
            return;
        }

        if (main.Depth > 1)
        {
            _main = main with { Depth = main.Depth - 1 };
            return;
        }

        EndMain(main.Start);
    }

    private void EndMain(int start)
    {
        _writer.EndBlock();
        _main = null;
        if (_writer.Length - start > _longest.End - _longest.Start)
        {
            _longest = (start, _writer.Length);
        }
    }

    private HtmlPage End()
    {
        if (_main is { } open)
        {
            EndMain(open.Start);
        }

        var all = _writer.End();
        var (start, length) = (_longest.Start, _longest.End - _longest.Start);
        var part = length >= LeastMain && length >= all.Length * LeastShare ? all.Substring(start, Math.Min(length, all.Length - start))
            : all;
        var title = _title is null ? null : string.Join(' ', _title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new HtmlPage(string.IsNullOrEmpty(title) ? null : title, part.Trim('\n', ' '));
    }

    private static bool IsHidden(HtmlTagToken tag) =>
        Skipped.Contains(tag.Name) || Has(tag, "hidden") || tag.GetAttribute("aria-hidden") == "true"
        || (tag.GetAttribute("style") is { Length: > 0 } style && HidesBy(style));

    private static bool Has(HtmlTagToken tag, string attribute) => tag.Attributes.Exists(a => a.Name == attribute);

    private static bool HidesBy(string style)
    {
        var plain = string.Concat(style.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant();
        return plain.Contains("display:none", StringComparison.Ordinal) || plain.Contains("visibility:hidden", StringComparison.Ordinal)
            || plain.Contains("font-size:0", StringComparison.Ordinal) || plain.Contains("opacity:0;", StringComparison.Ordinal);
    }
}
