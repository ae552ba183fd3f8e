using System.Buffers;
using System.Globalization;
using System.Text;
using OpenClaw.Configuration;

namespace OpenClaw.Outbound;

/// <summary>A URL whose form has been judged; nothing of the text it came from is used again.</summary>
internal sealed class OutboundUrl
{
    private const int MostCharacters = 8_192;
    private const int MostHostCharacters = 253;
    private const int MostLabelCharacters = 63;
    private const int HttpPort = 80;

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    private OutboundUrl(Uri uri, bool isAllowedPrivate = false) => (Uri, IsAllowedPrivate) = (uri, isAllowedPrivate);

    /// <summary>Rebuilt from its parts: no user-info, no fragment, the host in lower case without a trailing dot.</summary>
    public Uri Uri { get; }

    /// <summary>At least two labels of ASCII, the last of which does not begin with a digit; any name or IPv4 address where
    /// <see cref="IsAllowedPrivate"/>.</summary>
    public string Host => Uri.Host;

    /// <summary>Whether the operator allows the host, whatever its address is.</summary>
    public bool IsAllowedPrivate { get; }

    /// <param name="privateHosts">See <see cref="FetchPolicy.PrivateHosts"/>.</param>
    /// <exception cref="IOException">Why the form is refused.</exception>
    public static OutboundUrl Parse(string text, OutboundSection rules, IReadOnlyList<string>? privateHosts = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MostCharacters)
        {
            throw Refused("it is too long");
        }

        if (text.Any(c => c == '\\' || char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw Refused("it holds a blank, a control character or a backslash");
        }

        // What is written must be what is read: parsers disagree about everything else.
        var written = HostOf(text);
        if (written.Length == 0 || written.ContainsAnyExcept(HostCharacters))
        {
            throw Refused("its host is not a name of ASCII letters, digits, '.', '-' and '_'");
        }

        if (privateHosts is { Count: > 0 } && ParsePrivate(text, written, privateHosts) is { } allowed)
        {
            return allowed;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri.HostNameType != UriHostNameType.Dns
            || !written.Equals(uri.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused("it is malformed, holds credentials, or its host is an address");
        }

        if (uri.Scheme != "https" && !(uri.Scheme == "http" && rules.AllowHttp))
        {
            throw Refused("its scheme is not allowed");
        }

        if (!rules.Ports.Contains(uri.Port) && !(uri.Port == HttpPort && rules.AllowHttp))
        {
            throw Refused("its port is not allowed");
        }

        return new(new Uri(string.Create(
            CultureInfo.InvariantCulture, $"{uri.Scheme}://{NormalizeHost(uri.IdnHost)}:{uri.Port}{uri.PathAndQuery}")));
    }

    /// <summary>Whether credentials for one may be sent to the other.</summary>
    public bool HasOriginOf(OutboundUrl other) => (Uri.Scheme, Host, Uri.Port) == (other.Uri.Scheme, other.Host, other.Uri.Port);

    /// <summary>Where a redirect leads.</summary>
    /// <exception cref="IOException">Why the form is refused; also a step down to http.</exception>
    public OutboundUrl Follow(string location, OutboundSection rules, IReadOnlyList<string>? privateHosts = null)
    {
        // A server's header is not read as UTF-8, so that other characters would be mistaken.
        if (!Ascii.IsValid(location) || location.Contains('\\', StringComparison.Ordinal) || !Uri.TryCreate(Uri, location, out var uri))
        {
            throw Refused("a redirect to it is malformed");
        }

        var next = Parse(uri.AbsoluteUri, rules, privateHosts);
        return next.Uri.Scheme == "http" && Uri.Scheme == "https" ? throw Refused("a redirect leads from https to http") : next;
    }

    /// <summary>The URL of a host that the operator allows; null when it is another host, or no URL of the web.</summary>
    private static OutboundUrl? ParsePrivate(string text, ReadOnlySpan<char> written, IReadOnlyList<string> privateHosts)
    {
        var isAllowed = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            && uri.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4
            && written.Equals(uri.IdnHost, StringComparison.OrdinalIgnoreCase)
            && privateHosts.Contains(uri.IdnHost, StringComparer.OrdinalIgnoreCase);
        return isAllowed
            ? new(new Uri(string.Create(CultureInfo.InvariantCulture, $"{uri!.Scheme}://{uri.IdnHost}:{uri.Port}{uri.PathAndQuery}")), true)
            : null;
    }

    /// <summary>The host as it is written, with whatever else is between the slashes and the port; empty when there is no such
    /// place.</summary>
    private static ReadOnlySpan<char> HostOf(string text)
    {
        var slashes = text.IndexOf("://", StringComparison.Ordinal);
        if (slashes < 0)
        {
            return default;
        }

        var authority = text.AsSpan(slashes + 3);
        var end = authority.IndexOfAny('/', '?', '#');
        authority = end < 0 ? authority : authority[..end];
        var colon = authority.IndexOf(':');
        return colon < 0 ? authority : authority[..colon];
    }

    private static string NormalizeHost(string host)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        var labels = name.Split('.');
        if (name.Length > MostHostCharacters || labels.Any(label => label.Length is 0 or > MostLabelCharacters))
        {
            throw Refused("its host is not a name");
        }

        // A name whose last label is a number is read as an IPv4 address by resolvers.
        return labels.Length > 1 && !char.IsAsciiDigit(labels[^1][0])
            ? name.ToLowerInvariant()
            : throw Refused("its host is an address or a name without a domain");
    }

    private static RefusedException Refused(string reason) => new(reason, FetchFailure.InvalidUrl);
}
