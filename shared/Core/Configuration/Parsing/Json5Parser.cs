using System.Globalization;

namespace OpenClaw.Configuration.Parsing;

/// <summary>
/// Reads JSON5 into nodes. Refused beyond the specification: duplicate keys, <c>Infinity</c>, <c>NaN</c>, numbers no double can hold,
/// lone surrogates, nesting deeper than <see cref="MaxDepth"/>. Source: https://spec.json5.org.
/// </summary>
internal sealed partial class Json5Parser
{
    public const int MaxDepth = 64;

    private readonly string _text;
    private readonly string? _variable;
    private readonly List<int> _lineStarts = [0];
    private readonly Stack<string> _path = new([""]);
    private int _at;
    private int _depth;

    private Json5Parser(string text, string? variable)
    {
        (_text, _variable) = (text, variable);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < text.Length && text[i + 1] == '\n')))
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    /// <param name="text">One JSON5 document.</param>
    /// <param name="variable">The environment variable that holds it, if one does.</param>
    /// <exception cref="Json5Exception">The first thing that is wrong.</exception>
    public static ConfigNode Parse(string text, string? variable = null)
    {
        var parser = new Json5Parser(text, variable);
        parser.SkipBlank();
        var root = parser.ReadValue();
        parser.SkipBlank();
        return parser._at == text.Length ? root : throw parser.Error(parser._at, "Nothing may follow the value of the document");
    }

    private ConfigNode ReadValue()
    {
        var start = _at;
        switch (Peek())
        {
            case '{':
                return ReadObject();
            case '[':
                return ReadList();
            case '"' or '\'':
                return Node(start, ConfigNodeKind.Text, ReadString());
            case '+' or '-' or '.' or (>= '0' and <= '9'):
                return Node(start, ConfigNodeKind.Number, ReadNumber());
            default:
                var (kind, text) = IsIdentifierPart(Peek()) || Peek() == '\\' ? Keyword(start, ReadIdentifier()) : default;
                return text is not null ? Node(start, kind, text) : throw Error(start, "Expected a value");
        }
    }

    private (ConfigNodeKind Kind, string? Text) Keyword(int start, string word) => word switch
    {
        "true" or "false" => (ConfigNodeKind.Boolean, word),
        "null" => (ConfigNodeKind.Null, word),
        "Infinity" or "NaN" => throw Error(start, "Infinity and NaN are not accepted"),
        _ => throw Error(start, "Expected a value; a string needs quotes"),
    };

    private ConfigNode ReadObject()
    {
        var start = Enter();
        var members = new List<ConfigMember>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!Ends('}', members.Count > 0))
        {
            var keyAt = _at;
            var key = Peek() is '"' or '\'' ? ReadString() : ReadIdentifier();
            var (line, column) = Place(keyAt);
            if (!lines.TryAdd(key, line))
            {
                throw Error(keyAt, $"Key {ConfigPath.Append(_path.Peek(), key)} was already set in line {lines[key]}", inside: false);
            }

            SkipBlank();
            Expect(':', "Expected ':' after a key");
            SkipBlank();
            _path.Push(ConfigPath.Append(_path.Peek(), key));
            members.Add(new ConfigMember(key, ReadValue(), line, column));
            _path.Pop();
        }

        _depth--;
        return Node(start, members: members);
    }

    private ConfigNode ReadList()
    {
        var start = Enter();
        var items = new List<ConfigNode>();
        while (!Ends(']', items.Count > 0))
        {
            _path.Push(ConfigPath.Append(_path.Peek(), items.Count));
            items.Add(ReadValue());
            _path.Pop();
        }

        _depth--;
        return Node(start, items: items);
    }

    private int Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw Error(_at, $"Nothing may be nested deeper than {MaxDepth} levels");
        }

        return _at++;
    }

    /// <summary>Steps to the next element: over blanks and, when one was read before, over the comma; true at the closing mark.</summary>
    private bool Ends(char close, bool afterElement)
    {
        SkipBlank();
        if (afterElement && Peek() != close)
        {
            Expect(',', $"Expected ',' or '{close}'");
            SkipBlank();
        }

        if (Peek() != close || _at == _text.Length)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(char character, string message)
    {
        if (_at == _text.Length || _text[_at] != character)
        {
            throw Error(_at, message);
        }

        _at++;
    }

    /// <summary>The next character; NUL at the end.</summary>
    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void SkipBlank()
    {
        while (_at < _text.Length)
        {
            if (IsBlank(_text[_at]))
            {
                _at++;
            }
            else if (_text[_at] == '/' && Peek(1) == '/')
            {
                var end = _text.AsSpan(_at).IndexOfAny(LineEnds);
                _at = end < 0 ? _text.Length : _at + end;
            }
            else if (_text[_at] == '/' && Peek(1) == '*')
            {
                var end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                _at = end < 0 ? throw Error(_at, "This comment has no end") : end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private static bool IsBlank(char character) =>
        character is '\t' or '\n' or '\v' or '\f' or '\r' or ' ' or '\u2028' or '\u2029' or '\uFEFF'
        || char.GetUnicodeCategory(character) == UnicodeCategory.SpaceSeparator;

    private ConfigNode Node(
        int start, ConfigNodeKind kind = ConfigNodeKind.Map, string text = "",
        IReadOnlyList<ConfigNode>? items = null, IReadOnlyList<ConfigMember>? members = null)
    {
        var (line, column) = Place(start);
        return new ConfigNode
        {
            Kind = items is null ? kind : ConfigNodeKind.List,
            Text = text,
            Items = items ?? [],
            Members = members ?? [],
            Line = line,
            Column = column,
            Variable = _variable,
        };
    }

    private (int Line, int Column) Place(int offset)
    {
        var found = _lineStarts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, offset - _lineStarts[line] + 1);
    }

    private Json5Exception Error(int offset, string message, bool inside = true)
    {
        var (line, column) = Place(offset);
        var path = _path.Peek();
        var sentence = inside && path.Length > 0 ? $"{message}, in {path}." : $"{message}.";
        return new Json5Exception(new ConfigProblem(path, line, column, sentence, _variable));
    }
}
