using System.Buffers.Text;
using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Media;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Wire;

/// <summary>Images and files in all the forms that clients send them, on every surface: OpenAI's of chat (<c>image_url</c>, <c>file</c>)
/// and of Responses (<c>image_url</c>, <c>file_data</c>, <c>file_url</c>, <c>file_id</c>), and OpenClaw's <c>source</c>.</summary>
internal static class MediaParts
{
    private const string ImageForms = "a data URL ('data:image/…;base64,…') or an https URL.";

    private const string FileForms = "base64, a data URL ('data:application/pdf;base64,…') or, in 'file_url', an https URL.";

    /// <param name="field">A field of the part; null when it is absent or null.</param>
    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public static ImagePart ReadImage(Func<string, JsonElement?> field, string param)
    {
        var url = field("image_url");
        var detail = Text(field("detail"), $"{param}.detail")
            ?? (url is { ValueKind: JsonValueKind.Object } nested ? nested.Text("detail", $"{param}.image_url") : null);
        if (detail is not (null or "low" or "high" or "auto" or "original"))
        {
            throw new GatewayException(GatewayError.InvalidValue($"{param}.detail", "'low', 'high', 'auto' or 'original'."));
        }

        if (ReadId(field, param) is { } stored)
        {
            return new ImagePart(stored, detail) { Param = $"{param}.file_id" };
        }

        if (field("source") is { } source)
        {
            var (content, of) = ReadSource(source.AsObject($"{param}.source"), $"{param}.source", ImageForms);
            return new ImagePart(content, detail) { Param = of };
        }

        return url switch
        {
            null => throw new GatewayException(GatewayError.MissingField($"{param}.image_url")),
            { ValueKind: JsonValueKind.Object } inner =>
                new ImagePart(CheckImage(
                inner.RequiredText("url", $"{param}.image_url"), $"{param}.image_url"), detail)
                { Param = $"{param}.image_url" },
            { } text => new ImagePart(
                CheckImage(Text(text, $"{param}.image_url")!, $"{param}.image_url"), detail)
            { Param = $"{param}.image_url" },
        };
    }

    /// <inheritdoc cref="ReadImage"/>
    public static FilePart ReadFile(Func<string, JsonElement?> field, string param)
    {
        if (field("file") is { } nested)
        {
            var file = nested.AsObject($"{param}.file");
            return ReadFile(name => file.Field(name), $"{param}.file");
        }

        var named = Text(field("filename"), $"{param}.filename");
        if (ReadId(field, param) is { } stored)
        {
            return new FilePart(named) { Source = stored, Param = $"{param}.file_id" };
        }

        if (field("source") is { } source)
        {
            var from = source.AsObject($"{param}.source");
            var (content, of) = ReadSource(from, $"{param}.source", FileForms);
            return new FilePart(named ?? from.Text("filename", $"{param}.source")) { Source = content, Param = of };
        }

        if (Text(field("file_data"), $"{param}.file_data") is { } data)
        {
            return new FilePart(named) { Source = CheckData(data, $"{param}.file_data"), Param = $"{param}.file_data" };
        }

        return Text(field("file_url"), $"{param}.file_url") is { } url
            ? new FilePart(named) { Source = CheckUrl(url, $"{param}.file_url", FileForms), Param = $"{param}.file_url" }
            : throw new GatewayException(GatewayError.MissingField($"{param}.file_data"));
    }

    private static (string Content, string Param) ReadSource(JsonElement source, string param, string forms)
    {
        switch (source.RequiredText("type", param))
        {
            case "url":
                return (CheckUrl(source.RequiredText("url", param), $"{param}.url", forms), $"{param}.url");
            case "base64":
                var data = source.RequiredText("data", param);
                return (CheckBase64($"data:{MediaTypeOf(source, param)};base64,{data}", $"{param}.data"), $"{param}.data");
            default:
                throw new GatewayException(GatewayError.InvalidValue($"{param}.type", "'url' or 'base64'."));
        }
    }

    private static string MediaTypeOf(JsonElement source, string param)
    {
        var type = source.RequiredText("media_type", param);
        return type.Contains(',', StringComparison.Ordinal)
            ? throw new GatewayException(GatewayError.InvalidValue($"{param}.media_type", "a media type such as 'text/plain'."))
            : type;
    }

    private static string? ReadId(Func<string, JsonElement?> field, string param) =>
        Text(field("file_id"), $"{param}.file_id") is { } id ? ImagePart.StoredMedia + id : null;

    private static string CheckImage(string url, string param) =>
        DataUrl.IsOne(url) ? CheckBase64(url, param) : CheckUrl(url, param, ImageForms);

    /// <summary>Reads bare base64, which some clients send; the type comes from the file's name then.</summary>
    private static string CheckData(string data, string param) => DataUrl.IsOne(data)
        ? DataUrl.Parse(data) is { IsBase64: false } ? data : CheckBase64(data, param)
        : CheckBase64($"data:;base64,{data}", param);

    private static string CheckBase64(string url, string param) =>
        DataUrl.Parse(url) is { IsBase64: true } && Base64.IsValid(url.AsSpan(url.IndexOf(',', StringComparison.Ordinal) + 1))
            ? url
            : throw new GatewayException(GatewayError.InvalidValue(param, "a data URL with valid base64 ('data:image/png;base64,…')."));

    /// <summary>The URL is not checked here; the fetcher does that.</summary>
    private static string CheckUrl(string url, string param, string forms) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            ? url
            : throw new GatewayException(GatewayError.InvalidValue(param, forms));

    private static string? Text(JsonElement? value, string param) => value switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new GatewayException(GatewayError.InvalidType(param, "a string")),
    };
}
