using System.Globalization;

namespace OpenClaw.Gateway.Channels.Text;

/// <summary>
/// Cuts runs of text into messages within the limits of a platform, measured on the finished message. Each part is written by itself, so
/// code fences and formats that a cut divides are closed in one part and opened again in the next.
/// </summary>
internal sealed class TextChunker
{
    private readonly TextRun[] _runs;
    private readonly TextDialect _dialect;
    private readonly TextLimits _limits;
    private readonly string _text;
    private readonly int[] _starts;

    public TextChunker(IReadOnlyList<TextRun> runs, TextDialect dialect, TextLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxLength, TextLimits.LeastLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxLines, TextLimits.LeastLines);
        (_runs, _dialect, _limits) = ([.. runs], dialect, limits);
        _text = string.Concat(runs.Select(r => r.Text));
        _starts = new int[_runs.Length];
        for (var i = 1; i < _runs.Length; i++)
        {
            _starts[i] = _starts[i - 1] + _runs[i - 1].Text.Length;
        }
    }

    public IReadOnlyList<TextPart> Split()
    {
        List<TextPart> parts = [];
        for (var start = SkipBlanks(0); start < _text.Length;)
        {
            var (part, end) = Next(start);
            if (!string.IsNullOrWhiteSpace(part.Plain))
            {
                parts.Add(part);
            }

            start = end < _text.Length && _text[end] == '\n' && IsCode(end) ? end + 1 : SkipBlanks(end);
        }

        return parts;
    }

    /// <summary>The longest part from <paramref name="start"/> that fits, shortened to the end of a paragraph, a line or a word.</summary>
    private (TextPart Part, int End) Next(int start)
    {
        var (fits, end) = (start, (int)Math.Min(_text.Length, (long)start + _limits.MaxLength));
        if (Fits(Part(start, end)))
        {
            fits = end;
        }

        while (end - fits > 1)
        {
            var middle = fits + ((end - fits) / 2);
            (fits, end) = Fits(Part(start, middle)) ? (middle, end) : (fits, middle);
        }

        if (fits == start && _runs[RunAt(start)] is var run && run.Style != default)
        {
            _runs[RunAt(start)] = run with { Style = default }; // its markup alone is longer than a message
            return Next(start);
        }

        for (end = fits < _text.Length ? BestEnd(start, Math.Max(fits, start + 1)) : fits; ; end = WholeCharacters(start, end - 1))
        {
            if (Part(start, end) is var part && (Fits(part) || end <= start + 2))
            {
                return (part, end);
            }
        }
    }

    private int BestEnd(int start, int limit)
    {
        var end = WholeCharacters(start, limit);
        if (char.IsWhiteSpace(_text[end]) && (_text[end] == '\n' || !IsCode(end)))
        {
            return end;
        }

        var (line, word) = (0, 0);
        var (half, third) = (start + ((end - start) / 2), start + ((end - start) / 3));
        for (var at = end - 1; at > third; at--)
        {
            if (!char.IsWhiteSpace(_text[at]) || StringInfo.GetNextTextElementLength(_text.AsSpan(at)) > 1)
            {
                continue;
            }

            if (_text[at] != '\n')
            {
                word = word > 0 ? word : IsCode(at) ? at + 1 : at;
            }
            else if (at > half && _text[at - 1] == '\n' && !IsCode(at))
            {
                return at - 1;
            }
            else
            {
                line = line > 0 ? line : at;
            }
        }

        return line > 0 ? line : word > half ? word : end;
    }

    /// <summary>The last end at or before <paramref name="end"/> that divides no character; if the first one is longer, that many of its
    /// code points.</summary>
    private int WholeCharacters(int start, int end)
    {
        var at = start;
        while (at < end && at + StringInfo.GetNextTextElementLength(_text.AsSpan(at)) is var next && next <= end)
        {
            at = next;
        }

        return at > start ? at
            : end < _text.Length && char.IsSurrogatePair(_text[end - 1], _text[end]) ? (end - 1 > start ? end - 1 : end + 1)
            : end;
    }

    private bool Fits(TextPart part) =>
        _dialect.Length(part) <= _limits.MaxLength && part.Text.AsSpan().Count('\n') < _limits.MaxLines;

    private TextPart Part(int start, int end)
    {
        var plain = _text[start..end].TrimEnd();
        List<TextRun> runs = [];
        for (var i = RunAt(start); i < _runs.Length && _starts[i] < start + plain.Length; i++)
        {
            var first = Math.Max(start - _starts[i], 0);
            var length = Math.Min(_starts[i] + _runs[i].Text.Length, start + plain.Length) - _starts[i] - first;
            runs.Add(_runs[i] with { Text = _runs[i].Text.Substring(first, length) });
        }

        return new(_dialect.Render(runs), plain);
    }

    /// <summary>Blanks at an end of a message say nothing, except those that indent code.</summary>
    private int SkipBlanks(int at)
    {
        while (at < _text.Length && char.IsWhiteSpace(_text[at]) && !IsCode(at))
        {
            at++;
        }

        return at;
    }

    private bool IsCode(int at) => _runs[RunAt(at)].Style.Has(TextFormat.Pre);

    private int RunAt(int at) => Array.BinarySearch(_starts, at) is var run && run >= 0 ? run : ~run - 1;
}
