using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenClaw.Security;

/// <summary>
/// Puts text that strangers wrote between boundary markers, so that a model can tell it from instructions. The markers carry a
/// random id, and nothing inside can look like one: whatever spells their name, in any script, width or spacing, is taken out, and so are
/// the control tokens of chat templates.
/// </summary>
public static partial class UntrustedText
{
    /// <summary>What stands where something was taken out.</summary>
    public const string Removed = "[removed]";

    private const string Name = "EXTERNAL_UNTRUSTED_CONTENT";

    private const int MaxFact = 200;

    private static readonly string Pattern = Name.Replace("_", "", StringComparison.Ordinal);

    /// <summary>A new wrapping of <paramref name="text"/>.</summary>
    /// <param name="facts">Lines about it, such as its file name: <c>name: value</c>; cleaned like the text and cut to one short line
    /// each.</param>
    public static string Wrap(string text, params ReadOnlySpan<(string Name, string? Value)> facts) =>
        Wrap(text, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), facts);

    /// <summary>The same for a text that stands in every prompt: the same text is wrapped in the same way, so that a provider's cache of
    /// prompts knows it again.</summary>
    /// <inheritdoc cref="Wrap(string, ReadOnlySpan{ValueTuple{string, string}})" path="/param"/>
    public static string WrapLasting(string text, params ReadOnlySpan<(string Name, string? Value)> facts) =>
        Wrap(text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8)), facts);

    private static string Wrap(string text, string id, ReadOnlySpan<(string Name, string? Value)> facts)
    {
        var wrapped = new StringBuilder(text.Length + 256);
        wrapped.Append("<<<").Append(Name).Append(" id=\"").Append(id).Append("\">>>\nSource: External\n");
        foreach (var (name, value) in facts)
        {
            if (!string.IsNullOrEmpty(value))
            {
                wrapped.Append(name).Append(": ").Append(Line(value)).Append('\n');
            }
        }

        return wrapped.Append("---\n").Append(Clean(text)).Append("\n<<<END_").Append(Name).Append(" id=\"").Append(id).Append(
            "\">>>").ToString();
    }

    /// <summary>Text without anything that looks like a boundary marker or a token of a chat template.</summary>
    public static string Clean(string text)
    {
        for (var cleaned = Pass(text); ; cleaned = Pass(text))
        {
            if (ReferenceEquals(cleaned, text))
            {
                return text;
            }

            text = cleaned; // what is left may have come together to something new
        }
    }

    /// <summary>One short line of text from elsewhere, such as a file name.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, MaxFact));
        foreach (var rune in Clean(text).EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > MaxFact)
            {
                break;
            }

            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse))
            {
                line.Append(rune.ToString());
            }
        }

        return line.ToString();
    }

    /// <summary>The same object when there was nothing to take out.</summary>
    private static string Pass(string text)
    {
        var plain = Fold(text, lettersOnly: false);
        var letters = Fold(text, lettersOnly: true);
        var cuts = new List<(int From, int To)>();
        foreach (var match in TemplateTokens().EnumerateMatches(plain.Text))
        {
            cuts.Add((plain.Starts[match.Index], plain.Ends[match.Index + match.Length - 1]));
        }

        for (var at = letters.Text.IndexOf(Pattern, StringComparison.Ordinal); at >= 0; at = letters.Text.IndexOf(
            Pattern, at + Pattern.Length, StringComparison.Ordinal))
        {
            cuts.Add((letters.Starts[at], letters.Ends[at + Pattern.Length - 1]));
        }

        return cuts.Count == 0 ? text : Cut(text, cuts);
    }

    private static string Cut(string text, List<(int From, int To)> cuts)
    {
        cuts.Sort();
        var left = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (from, to) in cuts)
        {
            if (from >= at)
            {
                left.Append(text, at, from - at).Append(Removed);
            }

            at = Math.Max(at, to);
        }

        return left.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The text as an eye reads it: compatibility forms made plain, invisible characters left out, upper case. With
    /// <paramref name="lettersOnly"/> lookalikes become the letters they look like, and all else is left out.</summary>
    private static Folded Fold(string text, bool lettersOnly)
    {
        var folded = new StringBuilder(text.Length);
        var starts = new List<int>(text.Length);
        var ends = new List<int>(text.Length);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var end = at + rune.Utf16SequenceLength;
            var plain = Plain(rune.Value);
            if (Read(plain, lettersOnly) is { } read)
            {
                folded.Append(read);
                starts.Add(at);
                ends.Add(end);
            }

            at = end;
        }

        return new Folded(folded.ToString(), starts, ends);
    }

    /// <summary>The plain character of a compatibility form: full-width, mathematical, circled, squared. By hand, since what the runtime
    /// knows of them depends on how it was built.</summary>
    internal static int Plain(int value) => value switch
    {
        >= 0xFF01 and <= 0xFF5E => value - 0xFEE0,
        >= 0x1D400 and <= 0x1D6A3 => Letter((value - 0x1D400) % 52),
        >= 0x1D7CE and <= 0x1D7FF => '0' + ((value - 0x1D7CE) % 10),
        >= 0x249C and <= 0x24B5 => 'A' + value - 0x249C,
        >= 0x24B6 and <= 0x24E9 => Letter(value - 0x24B6),
        >= 0x1F130 and <= 0x1F149 => 'A' + value - 0x1F130,
        >= 0x1F150 and <= 0x1F169 => 'A' + value - 0x1F150,
        >= 0x1F170 and <= 0x1F189 => 'A' + value - 0x1F170,
        >= 0x1F1E6 and <= 0x1F1FF => 'A' + value - 0x1F1E6,
        >= 0x1CCD6 and <= 0x1CCEF => 'A' + value - 0x1CCD6,
        _ => value,
    };

    private static int Letter(int index) => index < 26 ? 'A' + index : 'a' + index - 26;

    private static char? Read(int value, bool lettersOnly)
    {
        if (value > char.MaxValue)
        {
            return lettersOnly && UntrustedLetters.TryFind(value, out var found) ? found : null;
        }

        var letter = (char)value;
        if (char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            || (letter < ' ' && !lettersOnly))
        {
            return null;
        }

        var upper = char.ToUpperInvariant(letter);
        if (!lettersOnly)
        {
            return upper;
        }

        return char.IsAsciiLetterUpper(upper) ? upper
            : UntrustedLetters.TryFind(letter, out var same) || UntrustedLetters.TryFind(upper, out same) ? same
            : null;
    }

    /// <summary>ChatML, Llama, Gemma, Mistral, Phi, GPT-OSS, DeepSeek and their kin, after folding.</summary>
    [GeneratedRegex(
        @"<\|[A-Z0-9_▁-]{1,64}\|>|</?(?:START|END)_OF_(?:TURN|IMAGE|TEXT)>|<(?:BOS|EOS|PAD|UNK|S|/S)>"
        + @"|\[/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS|THINK)\]|<</?SYS>>", RegexOptions.CultureInvariant)]
    private static partial Regex TemplateTokens();

    /// <param name="Starts">For each character, where what it came from starts in the original.</param>
    /// <param name="Ends">And where that ends.</param>
    private sealed record Folded(string Text, List<int> Starts, List<int> Ends);
}
