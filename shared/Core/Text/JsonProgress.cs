namespace OpenClaw.Text;

/// <summary>Follows JSON text that arrives in pieces, without parsing it: is it one whole object or array by now? A value, so a copy is
/// independent.</summary>
internal struct JsonProgress
{
    private int _depth;
    private bool _began;
    private bool _inString;
    private bool _escaped;
    private bool _broken;

    /// <summary>True between the last bracket and any text that follows it. White space does not count.</summary>
    public readonly bool IsWhole => _began && _depth == 0 && !_broken;

    public void Add(ReadOnlySpan<char> piece)
    {
        foreach (var character in piece)
        {
            Add(character);
        }
    }

    /// <summary>Adds UTF-8. Only ASCII matters.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        foreach (var value in piece)
        {
            Add((char)value);
        }
    }

    private void Add(char character)
    {
        if (_inString)
        {
            _inString = _escaped || character != '"';
            _escaped = !_escaped && character == '\\';
            return;
        }

        switch (character)
        {
            case ' ' or '\t' or '\r' or '\n':
                return;
            case '{' or '[':
                _broken |= _began && _depth == 0;
                _began = true;
                _depth++;
                return;
            case '}' or ']':
                _depth--;
                break;
            case '"':
                _inString = true;
                break;
        }

        _broken |= _depth < 0 || !_began || (_depth == 0 && character is not ('}' or ']'));
    }
}
