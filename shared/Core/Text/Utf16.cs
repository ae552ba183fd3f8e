using System.Text;

namespace OpenClaw.Text;

/// <summary>Text by its UTF-16 units.</summary>
public static class Utf16
{
    /// <summary>U+FFFD, which stands for what is no character.</summary>
    public const string Replacement = "\uFFFD";

    /// <summary>Appends a piece to half a surrogate pair that ended the piece before it.</summary>
    /// <param name="half">In: the half, or nothing. Out: the half that ends this piece, or nothing.</param>
    /// <returns>Whole characters. Half pairs inside become U+FFFD.</returns>
    public static string Join(ref string half, string piece)
    {
        var text = half.Length > 0 ? half + piece : piece;
        half = text is [.., var last] && char.IsHighSurrogate(last) ? text[^1..] : "";
        return Repair(half.Length > 0 ? text[..^1] : text);
    }

    /// <summary>The text with U+FFFD in place of each half of a surrogate pair.</summary>
    public static string Repair(string text) =>
        HasHalfPairs(text) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    /// <summary>At most so many units from the start, without cutting a surrogate pair.</summary>
    public static string Head(string text, int length) =>
        text.Length <= length ? text
        : length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)]
        : text[..length];

    private static bool HasHalfPairs(string text)
    {
        for (var at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0 && at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[++at])))
            {
                return true;
            }
        }

        return false;
    }
}
