using System.Globalization;
using System.Text;

namespace OpenClaw.Media.Files;

/// <summary>File names as people see them; never part of a path or of a storage key.</summary>
internal static class MediaName
{
    private const int MaxLength = 180;

    /// <summary>The last segment of what was sent, without what is invisible or means something to a system; never empty.</summary>
    public static string Clean(string? name, string contentType)
    {
        var text = new StringBuilder();
        foreach (var rune in (name ?? "")[((name ?? "").LastIndexOfAny(['/', '\\']) + 1)..].EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || IsInvisible(rune))
            {
                continue;
            }

            if (text.Length + rune.Utf16SequenceLength > MaxLength)
            {
                break;
            }

            text.Append(rune.IsAscii && "\"<>:|?*%".Contains((char)rune.Value, StringComparison.Ordinal) ? "_" : rune.ToString());
        }

        var clean = text.ToString().Trim(' ', '.');
        return clean.Length > 0 ? clean : "file" + MediaTypes.ExtensionOf(contentType);
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
