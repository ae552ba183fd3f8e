using System.Text.RegularExpressions;

namespace OpenClaw.Media.Files;

/// <summary>Where a page of files ended.</summary>
internal static partial class MediaCursor
{
    public static bool IsValid(string text) => Form().IsMatch(text);

    [GeneratedRegex(@"\A[0-9]{19}~media_[A-Za-z0-9]{24}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
