using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Configuration;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>A gateway whose model and outside network are scripted, and what of a request with files the model received.</summary>
internal static partial class InputMedia
{
    /// <summary>The smallest images there are.</summary>
    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public const string Gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

    public static Task<GatewayHost> StartAsync(
        ScriptedUpstream upstream, FakeInternet? internet = null, StorageAccount? storage = null, Action<GatewayConfig>? configure = null,
            ProviderSection? provider = null) =>
        GatewayHost.StartAsync(
            storage,
            c =>
            {
                c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = provider ?? upstream.ProviderConfig() };
                configure?.Invoke(c);
            },
            services => internet?.Install(services));

    /// <summary>A response request with one user message of these parts; it stores nothing.</summary>
    public static string Request(params string[] parts) => Request("\"store\":false,", parts);

    /// <param name="more">Further fields, each with a comma behind it.</param>
    public static string Request(string more, IEnumerable<string> parts) =>
        $$"""{"model":"mock/m",{{more}}"input":[{"role":"user","content":[{{string.Join(',', parts)}}]}]}""";

    public static string ChatRequest(params string[] parts) =>
        $$"""{"model":"mock/m","messages":[{"role":"user","content":[{{string.Join(',', parts)}}]}]}""";

    public static string InputText(string text) => $$$"""{"type":"input_text","text":{{{Quote(text)}}}}""";

    public static string File(string type, string name, byte[] content) =>
        $$$"""{"type":"input_file","source":{"type":"base64","media_type":"{{{type}}}","data":"{{{Convert.ToBase64String(content)}}}","filename":{{{Quote(name)}}}}}""";

    public static string FileData(string name, string data) =>
        $$"""{"type":"input_file","filename":{{Quote(name)}},"file_data":"{{data}}"}""";

    public static string FileUrl(string url) => $$$"""{"type":"input_file","file_url":{{{Quote(url)}}}}""";

    public static string Image(string type, byte[] content) => ImageUrl($"data:{type};base64,{Convert.ToBase64String(content)}");

    public static string ImageUrl(string url) => $$$"""{"type":"input_image","image_url":{{{Quote(url)}}}}""";

    public static string Quote(string text) => JsonEncodedText.Encode(text) is var encoded ? $"\"{encoded}\"" : "";

    /// <summary>The system prompt that the model got; empty when there was none.</summary>
    public static string SystemPrompt(this UpstreamRequest request) => string.Concat(
        request.Body.GetProperty("messages").EnumerateArray().Where(m => m.GetProperty("role").GetString() == "system").Select(
            m => m.GetProperty("content").GetString()));

    /// <summary>The parts of the last message that the model got; plain text is one of them.</summary>
    public static List<JsonElement> LastParts(this UpstreamRequest request)
    {
        var content = request.Body.GetProperty("messages").EnumerateArray().Last().GetProperty("content");
        return content.ValueKind == JsonValueKind.Array ? [.. content.EnumerateArray()]
            : [JsonElement.Parse($$$"""{"type":"text","text":{{{content.GetRawText()}}}}""")];
    }

    /// <summary>Media type and bytes of an image part.</summary>
    public static (string Type, byte[] Bytes) ImageOf(this JsonElement part)
    {
        var match = DataUrl().Match(part.GetProperty("image_url").GetProperty("url").GetString()!);
        return (match.Groups[1].Value, Convert.FromBase64String(match.Groups[2].Value));
    }

    /// <summary>What stands between the markers, file by file; throws when a marker has no partner.</summary>
    public static List<string> Wrapped(this string systemPrompt)
    {
        var opened = Markers().Matches(systemPrompt);
        var all = AnyMarker().Count(systemPrompt);
        return all == opened.Count * 2 ? [.. opened.Select(m => m.Groups["text"].Value)]
            : throw new InvalidOperationException($"{all} markers: {systemPrompt}");
    }

    [GeneratedRegex("^data:([^;]+);base64,(.*)$")]
    private static partial Regex DataUrl();

    [GeneratedRegex("<<<EXTERNAL_UNTRUSTED_CONTENT id=\"(?<id>[0-9a-f]{16})\">>>\nSource: External\n(?<text>.*?)\n<<<END_EXTERNAL_UNTRUSTED_CONTENT id=\"\\k<id>\">>>", RegexOptions.Singleline)]
    private static partial Regex Markers();

    [GeneratedRegex("EXTERNAL_UNTRUSTED_CONTENT", RegexOptions.IgnoreCase)]
    private static partial Regex AnyMarker();
}
