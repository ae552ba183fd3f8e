using System.Text.RegularExpressions;
using OpenClaw.Text;

namespace OpenClaw.Media.Files;

/// <summary><c>media_</c> and 24 base62 characters, 142 random bits; also the name of the blob.</summary>
public static partial class MediaId
{
    public static string Create() => RandomId.Create("media_");

    /// <summary>False for whatever else a caller may send: nothing but ids gets as far as storage.</summary>
    public static bool IsValid(string? text) => text is not null && Form().IsMatch(text);

    [GeneratedRegex(@"\Amedia_[A-Za-z0-9]{24}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
