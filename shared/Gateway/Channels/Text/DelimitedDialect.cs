using System.Text;

namespace OpenClaw.Gateway.Channels.Text;

/// <summary>
/// A markup of delimiters around words, <c>&gt;</c> before quoted lines and fences around code. Such markups end a format with its line and
/// do not open one before a blank, so each line is written by itself and blanks go outside.
/// </summary>
internal abstract class DelimitedDialect : TextDialect
{
    private const string Fence = "```";

    private static readonly TextFormat[] Spans = [TextFormat.Bold, TextFormat.Italic, TextFormat.Strike, TextFormat.Code];

    /// <summary>What stands at both ends of text in one of the four formats of words; null when there is no markup for it.</summary>
    protected abstract string? Delimiter(TextFormat format);

    /// <summary>Whether the markup is read only between two words, never within one.</summary>
    protected virtual bool NeedsWordBoundary(TextFormat format) => true;

    /// <summary>Whether a text between two delimiters is read whole. Without an escape it is not when it contains one.</summary>
    protected virtual bool CanHold(string delimiter, string text) => !text.Contains(delimiter, StringComparison.Ordinal);

    /// <summary>What follows an opening fence.</summary>
    protected virtual string LanguageOf(TextStyle style) => "";

    /// <summary>Text that must not be read as markup.</summary>
    protected abstract string Escape(string text, bool atLineStart);

    /// <summary>Code, which is not read for other markup.</summary>
    protected abstract string EscapeCode(string text);

    protected virtual string InlineCode(string text) => $"`{EscapeCode(text)}`";

    protected virtual string Link(string label, string url) => Escape(label, atLineStart: false);

    public sealed override string Render(IReadOnlyList<TextRun> runs)
    {
        var message = new StringBuilder();
        for (var i = 0; i < runs.Count;)
        {
            var (style, first) = (runs[i].Style, i);
            var isCode = style.Has(TextFormat.Pre);
            while (i < runs.Count && (isCode ? runs[i].Style == style : !runs[i].Style.Has(TextFormat.Pre)))
            {
                i++;
            }

            var block = isCode ? CodeBlock(string.Concat(runs.Skip(first).Take(i - first).Select(r => r.Text)), style)
                : string.Join('\n', Lines(runs.Skip(first).Take(i - first)).Select(WriteLine));
            var besideCode = isCode || (first > 0 && runs[first - 1].Style.Has(TextFormat.Pre));
            if (besideCode && message.Length > 0 && message[^1] != '\n' && block.Length > 0 && block[0] != '\n')
            {
                message.Append('\n');
            }

            message.Append(block);
        }

        return message.ToString();
    }

    /// <summary>Breaks up what a platform would read as a fence, with blanks of no width.</summary>
    protected static string WithoutFences(string text) => text.Replace("``", "`\u200b`", StringComparison.Ordinal);

    private static List<List<TextRun>> Lines(IEnumerable<TextRun> runs)
    {
        List<List<TextRun>> lines = [[]];
        foreach (var (text, style) in runs)
        {
            var pieces = text.Split('\n');
            for (var i = 0; i < pieces.Length; i++)
            {
                if (i > 0)
                {
                    lines.Add([]);
                }

                if (pieces[i].Length > 0 || style.Has(TextFormat.Quote))
                {
                    lines[^1].Add(new(pieces[i], style));
                }
            }
        }

        return lines;
    }

    private string CodeBlock(string text, TextStyle style) => string.IsNullOrWhiteSpace(text) ? text
        : $"{Fence}{LanguageOf(style)}\n{EscapeCode(WithoutFences(text))}\n{Fence}";

    private string WriteLine(List<TextRun> runs)
    {
        var line = new StringBuilder(runs.Exists(r => r.Style.Has(TextFormat.Quote)) ? "> " : "");
        var start = line.Length;
        var words = Words(runs);
        var open = new Stack<TextFormat>();
        var blanks = "";
        for (var i = 0; i < words.Count; i++)
        {
            var (text, style) = words[i];
            var core = text.AsSpan().Trim();
            if (core.IsEmpty)
            {
                blanks += text;
                continue;
            }

            while (open.Count > 0 && Spans.Any(f => open.Contains(f) && !style.Has(f)))
            {
                line.Append(Delimiter(open.Pop()));
            }

            line.Append(blanks).Append(text.AsSpan(0, text.AsSpan().IndexOf(core)));
            blanks = text[(text.AsSpan().IndexOf(core) + core.Length)..];
            foreach (var format in Spans.Where(f => f != TextFormat.Code && style.Has(f) && !open.Contains(f)))
            {
                line.Append(Delimiter(format));
                open.Push(format);
            }

            line.Append(Write(core.ToString(), style, line.Length == start));
        }

        while (open.Count > 0)
        {
            line.Append(Delimiter(open.Pop()));
        }

        return line.Append(blanks).ToString();
    }

    private string Write(string text, TextStyle style, bool atLineStart) =>
        style.Link is { } url ? Link(text, url)
        : style.Has(TextFormat.Code) ? InlineCode(text)
        : style.Has(TextFormat.Marker) ? text
        : Escape(text, atLineStart);

    /// <summary>The runs of a line, each link in one, without the formats that the markup cannot express where they are.</summary>
    private List<TextRun> Words(List<TextRun> runs)
    {
        List<TextRun> words = [];
        foreach (var run in runs.Where(r => r.Text.Length > 0))
        {
            if (run.Style.Link is not null && words is [.., var last] && last.Style.Link == run.Style.Link)
            {
                words[^1] = last with { Text = last.Text + run.Text };
            }
            else
            {
                words.Add(run);
            }
        }

        foreach (var format in Spans)
        {
            for (var i = 0; i < words.Count; i++)
            {
                var first = i;
                while (i < words.Count && words[i].Style.Has(format))
                {
                    i++;
                }

                if (i > first && !CanExpress(format, words, first, i))
                {
                    for (var j = first; j < i; j++)
                    {
                        words[j] = words[j] with { Style = words[j].Style with { Format = words[j].Style.Format & ~format } };
                    }
                }
            }
        }

        return words;
    }

    private bool CanExpress(TextFormat format, List<TextRun> words, int first, int end)
    {
        if (Delimiter(format) is not { } delimiter)
        {
            return false;
        }

        var text = string.Concat(words.Skip(first).Take(end - first).Select(w => w.Text));
        return !string.IsNullOrWhiteSpace(text) && CanHold(delimiter, text)
            && (!NeedsWordBoundary(format)
                || (!(first > 0 && IsWord(words[first - 1].Text[^1]) && IsWord(text[0]))
                    && !(end < words.Count && IsWord(words[end].Text[0]) && IsWord(text[^1]))));
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
