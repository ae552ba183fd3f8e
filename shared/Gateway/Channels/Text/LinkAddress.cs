using System.Text;

namespace OpenClaw.Gateway.Channels.Text;

/// <summary>Addresses that a message may link to.</summary>
internal static class LinkAddress
{
    private static readonly string[] Schemes = [Uri.UriSchemeHttp, Uri.UriSchemeHttps, Uri.UriSchemeMailto];

    /// <param name="address">The address with everything percent-encoded that some markup would take for its own.</param>
    /// <returns>False for a relative address and for other schemes than http, https and mailto.</returns>
    public static bool TryRead(string url, out string address)
    {
        address = "";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !Schemes.Contains(uri.Scheme))
        {
            return false;
        }

        var safe = new StringBuilder(url.Length);
        foreach (var rune in url.EnumerateRunes())
        {
            if (rune.Value is <= ' ' or '<' or '>' or '"' or '\\' or '|' or '`' or '\'' or 0x7F || Rune.IsWhiteSpace(rune))
            {
                safe.Append(Uri.EscapeDataString(rune.ToString()));
            }
            else
            {
                safe.Append(rune);
            }
        }

        address = safe.ToString();
        return true;
    }
}
