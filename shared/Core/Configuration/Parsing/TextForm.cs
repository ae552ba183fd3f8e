using System.Net;
using System.Text.RegularExpressions;

namespace OpenClaw.Configuration.Parsing;

/// <summary>What a string must look like. <paramref name="Expected"/> completes the sentence "must be …".</summary>
internal sealed partial record TextForm(string Expected, Func<string, bool> Accepts)
{
    public static readonly TextForm Any = new("a string", _ => true);

    public static readonly TextForm NotBlank = new("a string that is not blank", text => !string.IsNullOrWhiteSpace(text));

    public static readonly TextForm AgentId = new(
        "an agent id: 1 to 64 lower-case letters, digits, '-' and '_', starting with a letter or digit", text =>
            AgentIdPattern().IsMatch(text));

    public static readonly TextForm ProviderId = new(
        "a provider id: 1 to 64 letters, digits, '.', '-' and '_', starting with a letter or digit", text =>
            ProviderIdPattern().IsMatch(text));

    public static readonly TextForm ModelReference = new(
        "a model such as 'provider/model', without blanks", text => text.Length is > 0 and <= 256 && !text.Any(char.IsWhiteSpace));

    public static readonly TextForm StoragePrefix = new(
        "3 to 20 lower-case letters and digits, starting with a letter", text => StoragePrefixPattern().IsMatch(text));

    public static readonly TextForm HttpUrl = new("an absolute http or https URL without credentials", IsHttpUrl);

    public static readonly TextForm BaseUrl = new(
        "an absolute http or https URL without credentials, query or fragment", text =>
            IsHttpUrl(text) && new Uri(text) is { Query: "", Fragment: "" });

    /// <summary>Also one of an app or of a browser's extension, such as <c>chrome-extension://abc</c>.</summary>
    public static readonly TextForm Origin = new(
        "an origin such as 'https://app.example.com', without path; '*' is not accepted", text => IsHttpUrl(text)
            ? new Uri(text).GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase)
            : !text.StartsWith("http", StringComparison.OrdinalIgnoreCase) && AppOriginPattern().IsMatch(text));

    public static readonly TextForm HostPattern = new(
        "a host name, or '*.' and a domain for all hosts below it", text => HostPatternPattern().IsMatch(text));

    public static readonly TextForm MediaType = new("a media type such as 'text/plain'", text => MediaTypePattern().IsMatch(text));

    public static readonly TextForm HeaderName = new("the name of an HTTP header", text => HeaderNamePattern().IsMatch(text));

    public static readonly TextForm AddressOrRange = new(
        "an IP address or a CIDR range such as '10.0.0.0/8'", text => IsAddress(text) || IPNetwork.TryParse(text, out _));

    public static readonly TextForm ApiVersion = new(
        "a date such as '2024-10-21', with '-preview' where it is one", text => ApiVersionPattern().IsMatch(text));

    public static readonly TextForm ClientId = new("the GUID of an identity's client id", text => Guid.TryParseExact(text, "D", out _));

    public static readonly TextForm Modality = new(
        "'text', 'image', 'pdf', 'audio' or 'video'", text => text is "text" or "image" or "pdf" or "audio" or "video");

    public static readonly TextForm ScopeName = new(
        "an operator scope such as 'operator.read'",
        text => text is "operator.admin" or "operator.read" or "operator.write" or "operator.approvals" or "operator.pairing"
            or "operator.talk" or "operator.talk.secrets" or "operator.questions");

    /// <summary>A whole address: <c>IPAddress</c> alone also takes short forms such as <c>10.1</c>.</summary>
    public static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out _) && (text.Contains(':') || text.AsSpan().Count('.') == 3);

    private static bool IsHttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { Host.Length: > 0, UserInfo: "" };

    [GeneratedRegex("^\\d{4}-\\d{2}-\\d{2}(-preview)?\\z")]
    private static partial Regex ApiVersionPattern();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*://[A-Za-z0-9._-]+\\z")]
    private static partial Regex AppOriginPattern();

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,63}\\z")]
    private static partial Regex AgentIdPattern();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z")]
    private static partial Regex ProviderIdPattern();

    [GeneratedRegex("^[a-z][a-z0-9]{2,19}\\z")]
    private static partial Regex StoragePrefixPattern();

    [GeneratedRegex("^(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\\z")]
    private static partial Regex HostPatternPattern();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9*][A-Za-z0-9!#$&^_.+-]*\\z")]
    private static partial Regex MediaTypePattern();

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}\\z")]
    private static partial Regex HeaderNamePattern();
}
