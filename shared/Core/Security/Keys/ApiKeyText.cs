using System.Buffers;
using OpenClaw.Text;

namespace OpenClaw.Security.Keys;

/// <summary>The form of a key: <c>oc_live_&lt;id&gt;_&lt;secret&gt;</c>, 24 base62 characters each; the secret has 142 random
/// bits.</summary>
public static class ApiKeyText
{
    private const string Prefix = "oc_live_";
    private const int PartLength = 24;

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    public static string New(string id) => RandomId.Create($"{Prefix}{id}_");

    public static string NewId() => RandomId.Create("");

    /// <summary>Whether a Bearer value claims to be a key, well formed or not.</summary>
    public static bool IsClaimed(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The id in a key's text; null when it cannot be one.</summary>
    public static string? IdOf(string text) =>
        text.Length == Prefix.Length + PartLength + 1 + PartLength && IsClaimed(text) && text[Prefix.Length + PartLength] == '_'
            && !text.AsSpan(Prefix.Length, PartLength).ContainsAnyExcept(Letters)
                && !text.AsSpan(Prefix.Length + PartLength + 1).ContainsAnyExcept(Letters)
            ? text.Substring(Prefix.Length, PartLength)
            : null;

    public static bool IsId(string id) => id.Length == PartLength && !id.AsSpan().ContainsAnyExcept(Letters);
}
