using System.Globalization;
using System.Text;

namespace OpenClaw.Media.Documents;

/// <summary>Writes Markdown from the tags and texts of a page, block by block.</summary>
internal sealed class MarkdownWriter(Uri? source)
{
    private const int MaxDepth = 12;

    private static readonly HashSet<string> Blocks = new(
        ("address article body caption center details div dl dt fieldset figcaption figure header h1 h2 h3 h4 h5 h6 hgroup legend main p "
            + "section summary tbody tfoot thead").Split(' '),
        StringComparer.Ordinal);

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _line = new();
    private readonly List<int?> _lists = []; // the number of the next item; null where items have none
    private string _mark = ""; // before the line that begins: of a heading, an item
    private (int Start, string Url)? _link;
    private int _quotes;
    private int _code; // depth of inline code
    private bool _isPre;
    private List<string>? _row;
    private bool _isCell;
    private int _rows;

    public int Length => _text.Length;

    public void Text(string words)
    {
        if (_isPre)
        {
            _line.Append(words);
            return;
        }

        foreach (var letter in words)
        {
            if (!char.IsWhiteSpace(letter))
            {
                _line.Append(letter);
            }
            else if (_line.Length > 0 && _line[^1] != ' ')
            {
                _line.Append(' '); // runs of white space are one space, as a browser shows them
            }
        }
    }

    public void Open(string name, Func<string, string?> attribute)
    {
        switch (name)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                EndBlock();
                _mark = new string('#', name[1] - '0') + " ";
                break;
            case "ul" or "ol":
                EndLine();
                _lists.Add(name == "ul" ? null : 1);
                break;
            case "li" or "dd":
                EndLine();
                _mark = Item();
                break;
            case "blockquote":
                EndBlock();
                _quotes = Math.Min(_quotes + 1, MaxDepth);
                break;
            case "pre":
                EndBlock();
                _isPre = true;
                break;
            case "code" or "kbd" or "samp" when !_isPre:
                Append("`", ref _code, 1);
                break;
            case "a" when _link is null && HtmlMarkdown.UrlOf(source, attribute("href")) is { } url:
                _link = (_line.Length, url);
                break;
            case "img" when attribute("alt") is { Length: > 0 } alt:
                Text($"[{alt}]");
                break;
            case "br":
                EndLine();
                break;
            case "hr":
                EndBlock();
                _text.Append("---\n\n");
                break;
            case "table":
                EndBlock();
                _rows = 0;
                break;
            case "tr":
                EndRow();
                _row = [];
                break;
            case "td" or "th" when _row is not null:
                EndCell();
                _isCell = true;
                break;
            default:
                EndBlockOf(name);
                break;
        }
    }

    public void Close(string name)
    {
        switch (name)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                EndBlock();
                _mark = "";
                break;
            case "ul" or "ol":
                EndLine();
                if (_lists.Count > 0)
                {
                    _lists.RemoveAt(_lists.Count - 1);
                }

                EndBlock();
                break;
            case "blockquote":
                EndBlock();
                _quotes = Math.Max(0, _quotes - 1);
                break;
            case "pre" when _isPre:
                EndPre();
                break;
            case "code" or "kbd" or "samp" when !_isPre && _code > 0:
                Append("`", ref _code, -1);
                break;
            case "a" when _link is { } link:
                EndLink(link);
                break;
            case "td" or "th":
                EndCell();
                break;
            case "tr":
                EndRow();
                break;
            case "table":
                EndRow();
                EndBlock();
                break;
            case "li" or "dt" or "dd":
                EndLine();
                break;
            default:
                EndBlockOf(name);
                break;
        }
    }

    private void EndBlockOf(string name)
    {
        if (Blocks.Contains(name))
        {
            EndBlock();
        }
    }

    /// <summary>Ends a block: a blank line follows it.</summary>
    public void EndBlock()
    {
        EndLine();
        if (_row is null && _lists.Count == 0 && _text.Length > 1 && !(_text[^1] == '\n' && _text[^2] == '\n'))
        {
            _text.Append('\n');
        }
    }

    public string End()
    {
        if (_isPre)
        {
            EndPre();
        }

        EndRow();
        EndBlock();
        return _text.ToString();
    }

    private void EndLine()
    {
        if (_isPre)
        {
            _line.Append('\n');
            return;
        }

        if (_row is not null)
        {
            Text(" "); // a cell is one line
            return;
        }

        _link = null;
        _code = 0;
        var words = _line.ToString().Trim();
        if (words.Length > 0)
        {
            _text.Append(Quote()).Append(_mark.Length > 0 ? _mark : Indent(_lists.Count)).Append(words).Append('\n');
            _mark = "";
        }

        _line.Clear();
    }

    private void EndPre()
    {
        _isPre = false;
        var code = _line.ToString().Trim('\n', '\r');
        _line.Clear();
        if (code.Length > 0)
        {
            var fence = code.Contains("```", StringComparison.Ordinal) ? "~~~~" : "```";
            _text.Append(fence).Append('\n').Append(code).Append('\n').Append(fence).Append("\n\n");
        }
    }

    private void EndLink((int Start, string Url) link)
    {
        _link = null;
        if (link.Start < _line.Length)
        {
            var words = _line.ToString(link.Start, _line.Length - link.Start).Trim();
            _line.Length = link.Start;
            _line.Append(words.Length > 0 ? $"[{words}]({link.Url})" : "");
        }
    }

    private void EndCell()
    {
        if (_row is not null && _isCell)
        {
            (_link, _code, _isCell) = (null, 0, false);
            _row.Add(_line.ToString().Trim().Replace("|", "\\|", StringComparison.Ordinal));
        }

        _line.Clear();
    }

    private void EndRow()
    {
        if (_row is null)
        {
            return;
        }

        EndCell();
        var cells = _row;
        _row = null;
        while (cells is [.., ""])
        {
            cells.RemoveAt(cells.Count - 1);
        }

        if (cells.Count == 0)
        {
            return;
        }

        _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        if (_rows++ == 0)
        {
            _text.Append('|').Insert(_text.Length, " --- |", cells.Count).Append('\n');
        }
    }

    private string Item()
    {
        var indent = Indent(_lists.Count - 1);
        if (_lists is [.., { } number])
        {
            _lists[^1] = number + 1;
            return string.Create(CultureInfo.InvariantCulture, $"{indent}{number}. ");
        }

        return indent + "- ";
    }

    private string Quote() => string.Concat(Enumerable.Repeat("> ", _quotes));

    private static string Indent(int depth) => new(' ', 2 * Math.Clamp(depth, 0, MaxDepth));

    private void Append(string mark, ref int depth, int change)
    {
        if (depth == 0 || depth + change == 0)
        {
            _line.Append(mark);
        }

        depth += change;
    }
}
