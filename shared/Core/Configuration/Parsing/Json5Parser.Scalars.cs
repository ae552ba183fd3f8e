using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace OpenClaw.Configuration.Parsing;

internal sealed partial class Json5Parser
{
    /// <summary>Hexadecimal digits of a number; 128 bits are more than any key takes.</summary>
    private const int MaxHexDigits = 32;

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\u2028\u2029");

    private string ReadString()
    {
        var start = _at;
        var quote = _text[_at++];
        var value = new StringBuilder();
        while (true)
        {
            var character = _at < _text.Length ? _text[_at] : throw Error(start, "This string has no end");
            if (character is '\n' or '\r')
            {
                throw Error(start, "A string goes on in the next line only after a backslash");
            }

            _at++;
            if (character == quote)
            {
                return IsWellFormed(value.ToString()) ? value.ToString() : throw Error(start, "This string holds half a surrogate pair");
            }

            if (character == '\\')
            {
                ReadEscape(value);
            }
            else
            {
                value.Append(character);
            }
        }
    }

    private void ReadEscape(StringBuilder value)
    {
        var start = _at - 1;
        var character = _at < _text.Length ? _text[_at++] : throw Error(start, "This string has no end");
        switch (character)
        {
            case '\r' when Peek() == '\n':
                _at++;
                break;
            case '\n' or '\r' or '\u2028' or '\u2029':
                break;
            case '0' when !char.IsAsciiDigit(Peek()):
                value.Append('\0');
                break;
            case >= '0' and <= '9':
                throw Error(start, "A backslash may not be followed by a digit");
            case 'x':
                value.Append(ReadHex(start, 2));
                break;
            case 'u':
                value.Append(ReadHex(start, 4));
                break;
            default:
                value.Append(character switch
                {
                    'b' => '\b',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\v',
                    _ =>
                    character
                });
                break;
        }
    }

    private char ReadHex(int start, int digits)
    {
        var text = _text.AsSpan(_at, Math.Min(digits, _text.Length - _at));
        if (text.Length < digits || !ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw Error(start, $"This escape needs {digits} hexadecimal digits");
        }

        _at += digits;
        return (char)code;
    }

    private static bool IsWellFormed(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private string ReadIdentifier()
    {
        var start = _at;
        var name = new StringBuilder();
        while (_at < _text.Length)
        {
            var character = _text[_at];
            var escapeAt = _at;
            if (character == '\\')
            {
                _at++;
                Expect('u', "Only \\u escapes are accepted in a key without quotes");
                character = ReadHex(escapeAt, 4);
            }
            else if (IsIdentifierPart(character))
            {
                _at++;
            }
            else
            {
                break;
            }

            if (!IsIdentifierPart(character) || (name.Length == 0 && !IsIdentifierStart(character)))
            {
                throw Error(escapeAt, "A key that starts like this needs quotes");
            }

            name.Append(character);
        }

        return name.Length > 0 ? name.ToString() : throw Error(start, "Expected a key or '}'");
    }

    private static bool IsIdentifierStart(char character) => character is '$' or '_' || char.GetUnicodeCategory(character) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;

    private static bool IsIdentifierPart(char character) => IsIdentifierStart(character) || character is '\u200C' or '\u200D'
        || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;

    /// <summary>The number as JSON spells it.</summary>
    private string ReadNumber()
    {
        var start = _at;
        var sign = Peek() == '-' ? "-" : "";
        _at += Peek() is '+' or '-' ? 1 : 0;
        if (Peek() == '0' && Peek(1) is 'x' or 'X')
        {
            _at += 2;
            return Finish(start, sign + ReadHexNumber(start));
        }

        if (IsIdentifierStart(Peek()))
        {
            Keyword(start, ReadIdentifier());
            throw Error(start, "Expected a number after the sign");
        }

        var whole = ReadDigits();
        var fraction = "";
        if (Peek() == '.')
        {
            _at++;
            fraction = ReadDigits();
        }

        if (whole.Length + fraction.Length == 0)
        {
            throw Error(start, "Expected a number");
        }

        if (whole.Length > 1 && whole[0] == '0')
        {
            throw Error(start, "A number may not start with a zero");
        }

        var number = sign + (whole.Length == 0 ? "0" : whole) + (fraction.Length == 0 ? "" : "." + fraction);
        if (Peek() is 'e' or 'E')
        {
            _at++;
            var exponentSign = Peek() == '-' ? "-" : "";
            _at += Peek() is '+' or '-' ? 1 : 0;
            var exponent = ReadDigits();
            number += exponent.Length > 0 ? $"e{exponentSign}{exponent}" : throw Error(start, "The exponent of this number has no digits");
        }

        return Finish(start, number);
    }

    private string ReadHexNumber(int start)
    {
        var from = _at;
        while (char.IsAsciiHexDigit(Peek()))
        {
            _at++;
        }

        var digits = _text[from.._at];
        return digits.Length is > 0 and <= MaxHexDigits
            ? BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture).ToString(
                CultureInfo.InvariantCulture)
            : throw Error(start, $"A hexadecimal number has 1 to {MaxHexDigits} digits");
    }

    private string ReadDigits()
    {
        var from = _at;
        while (char.IsAsciiDigit(Peek()))
        {
            _at++;
        }

        return _text[from.._at];
    }

    private string Finish(int start, string number)
    {
        if (IsIdentifierPart(Peek()) || Peek() is '.' or '\\')
        {
            throw Error(start, "This number ends in something that is not a digit");
        }

        return double.IsFinite(double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture))
            ? number
            : throw Error(start, "This number is too large");
    }
}
