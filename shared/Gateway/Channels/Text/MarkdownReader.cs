using System.Globalization;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace OpenClaw.Gateway.Channels.Text;

/// <summary>
/// Reads the Markdown that models write into runs of text. Raw HTML is text, headings are bold, a table is a block of aligned text,
/// a quote within a quote keeps its mark, and what a dialect cannot link has its address behind it.
/// </summary>
internal sealed class MarkdownReader(TextDialect dialect, Func<string, bool> isOwnFile)
{
    /// <summary>A longer address is written as text, which can be cut.</summary>
    private const int MaxLink = 1000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .UseAutoLinks()
        .UseTaskLists()
        .DisableHtml()
        .Build();

    private readonly List<TextRun> _runs = [];
    private readonly List<string> _files = [];
    private string _prefix = "";
    private int _lineBreaks;

    public IReadOnlyList<TextRun> Runs => _runs;

    /// <summary>The addresses of images that <c>isOwnFile</c> accepted, in their order; they are not in the text.</summary>
    public IReadOnlyList<string> Files => _files;

    public void Read(string markdown)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException) // nested too deeply, or a very large table
        {
            Write(markdown, default);
            return;
        }

        WriteBlocks(document, default, lineBreaks: 2);
    }

    private void WriteBlocks(ContainerBlock blocks, TextStyle style, int lineBreaks)
    {
        foreach (var block in blocks)
        {
            WriteBlock(block, style);
            Break(lineBreaks);
        }
    }

    private void WriteBlock(Block block, TextStyle style)
    {
        switch (block)
        {
            case CodeBlock code:
                Write(code.Lines.ToString(), new(TextFormat.Pre, Language: LanguageOf((code as FencedCodeBlock)?.Info)));
                break;
            case HeadingBlock heading:
                WriteInlines(heading.Inline, With(style, TextFormat.Bold));
                break;
            case ThematicBreakBlock:
                Write("──────────", style);
                break;
            case Table table:
                Write(MarkdownTable.Align(table, TextOf), new(TextFormat.Pre));
                break;
            case QuoteBlock quote:
                var outer = _prefix;
                _prefix += style.Has(TextFormat.Quote) ? "> " : "";
                Break(1);
                WriteBlocks(quote, With(style, TextFormat.Quote), lineBreaks: 2);
                _prefix = outer;
                break;
            case ListBlock list:
                WriteList(list, style);
                break;
            case LeafBlock leaf:
                WriteInlines(leaf.Inline, style);
                break;
            case ContainerBlock container:
                WriteBlocks(container, style, lineBreaks: 2);
                break;
        }
    }

    private void WriteList(ListBlock list, TextStyle style)
    {
        var number = int.TryParse(list.OrderedStart, NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var marker = (list.IsOrdered ? string.Create(CultureInfo.InvariantCulture, $"{number++}.") : dialect.Bullet) + " ";
            Write(marker, With(style, TextFormat.Marker));
            var outer = _prefix;
            _prefix += new string(' ', marker.Length);
            WriteBlocks(item, style, lineBreaks: 1);
            _prefix = outer;
            _lineBreaks = 0;
            Break(1);
        }
    }

    private void WriteInlines(ContainerInline? inlines, TextStyle style)
    {
        foreach (var inline in inlines ?? [])
        {
            WriteInline(inline, style);
        }
    }

    private void WriteInline(Inline inline, TextStyle style)
    {
        switch (inline)
        {
            case LiteralInline literal:
                Write(literal.Content.ToString(), style);
                break;
            case HtmlEntityInline entity:
                Write(entity.Transcoded.ToString(), style);
                break;
            case CodeInline code:
                Write(code.Content, style.Link is null
                    ? style with { Format = (style.Format & TextFormat.Quote) | TextFormat.Code } : style);
                break;
            case LineBreakInline:
                Break(1);
                break;
            case TaskList task:
                Write(task.Checked ? "☑" : "☐", style);
                break;
            case AutolinkInline link:
                WriteLink((link.IsEmail ? "mailto:" : "") + link.Url, link.Url, label: null, style);
                break;
            case LinkInline { IsImage: true, Url: { } file } when isOwnFile(file):
                _files.Add(file);
                break;
            case LinkInline link:
                WriteLink(link.Url ?? "", TextOf(link), link, style);
                break;
            case EmphasisInline emphasis:
                WriteInlines(emphasis, With(style, emphasis switch
                {
                    { DelimiterChar: '~' } => TextFormat.Strike,
                    { DelimiterCount: 2 } => TextFormat.Bold,
                    _ => TextFormat.Italic,
                }));
                break;
            case DelimiterInline delimiter:
                Write(delimiter.ToLiteral(), style);
                WriteInlines(delimiter, style);
                break;
            case ContainerInline container:
                WriteInlines(container, style);
                break;
        }
    }

    /// <param name="label">The inlines of the link's text; null when the text is the address.</param>
    private void WriteLink(string url, string text, ContainerInline? label, TextStyle style)
    {
        if (style.Link is not null) // the picture in a link
        {
            Write(text, style);
        }
        else if (dialect.HasLinks && url.Length <= MaxLink && LinkAddress.TryRead(url, out var address))
        {
            if (text.Length == 0 || text == url || label is null)
            {
                Write(text.Length == 0 || text == url ? address : text, style with { Link = address });
            }
            else
            {
                WriteInlines(label, style with { Link = address });
            }
        }
        else if (text.Length == 0 || label is null || url.EndsWith(text, StringComparison.Ordinal))
        {
            Write(text.Length == 0 ? url : text, style);
        }
        else
        {
            WriteInlines(label, style);
            Write($" ({url})", style);
        }
    }

    private static string TextOf(ContainerInline? inlines)
    {
        var reader = new MarkdownReader(PlainText.Instance, static _ => false);
        reader.WriteInlines(inlines, default);
        return reader.Text();
    }

    private static string TextOf(TableCell cell)
    {
        var reader = new MarkdownReader(PlainText.Instance, static _ => false);
        reader.WriteBlocks(cell, default, lineBreaks: 1);
        return reader.Text();
    }

    private string Text() => string.Concat(_runs.Select(r => r.Text)).ReplaceLineEndings(" ");

    private void Break(int lines) => _lineBreaks = Math.Max(_lineBreaks, lines);

    /// <summary>Line breaks are written with the text behind them, so none is left over, and only within a quote are they quoted.</summary>
    private void Write(string text, TextStyle style)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (_lineBreaks > 0 && _runs.Count > 0)
        {
            var format = _runs[^1].Style.Format & style.Format & TextFormat.Quote;
            Add(new string('\n', _lineBreaks), new(format));
            Add(style.Has(TextFormat.Pre) ? "" : _prefix, new(style.Format & TextFormat.Quote));
        }

        _lineBreaks = 0;
        Add(text, style);
    }

    private void Add(string text, TextStyle style)
    {
        if (_runs is [.., var last] && last.Style == style)
        {
            _runs[^1] = last with { Text = last.Text + text };
        }
        else if (text.Length > 0)
        {
            _runs.Add(new(text, style));
        }
    }

    private static TextStyle With(TextStyle style, TextFormat format) => style with { Format = style.Format | format };

    private static string? LanguageOf(string? info) =>
        info is { Length: > 0 and <= 30 } && info.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '.' or '_' or '-') ? info
        : null;
}
