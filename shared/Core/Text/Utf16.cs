namespace OpenClaw.Text;

/// <summary>Text by its UTF-16 units.</summary>
internal static class Utf16
{
    /// <summary>At most so many units from the start, without cutting a surrogate pair.</summary>
    public static string Head(string text, int length) =>
        text.Length <= length ? text
        : length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)]
        : text[..length];
}
