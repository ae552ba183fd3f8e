using System.Text.Json;
using OpenClaw.Sessions;

namespace OpenClaw.Responses;

/// <summary>An image part in all its forms: <c>image_url</c> as text or object, or OpenClaw's <c>source</c>.</summary>
internal static class InputImage
{
    private const string Forms = "a data URL ('data:image/…;base64,…') or an https URL.";

    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public static ImagePart Read(JsonElement part, string param)
    {
        if (part.Field("file_id") is not null)
        {
            throw new GatewayException(GatewayError.InvalidValue($"{param}.file_id", "stored files are not supported yet; send the image itself."));
        }

        var detail = part.Text("detail", param);
        if (detail is not (null or "low" or "high" or "auto"))
        {
            throw new GatewayException(GatewayError.InvalidValue($"{param}.detail", "'low', 'high' or 'auto'."));
        }

        if (part.Field("source") is { } source)
        {
            return new ImagePart(ReadSource(source.AsObject($"{param}.source"), $"{param}.source"), detail);
        }

        var url = part.Field("image_url") switch
        {
            { ValueKind: JsonValueKind.Object } nested => nested.RequiredText("url", $"{param}.image_url"),
            _ => part.RequiredText("image_url", param),
        };
        return new ImagePart(Check(url, $"{param}.image_url"), detail);
    }

    private static string ReadSource(JsonElement source, string param)
    {
        switch (source.RequiredText("type", param))
        {
            case "url":
                return Check(source.RequiredText("url", param), $"{param}.url");
            case "base64":
                var media = source.RequiredText("media_type", param);
                return Check($"data:{media};base64,{source.RequiredText("data", param)}", $"{param}.data");
            default:
                throw new GatewayException(GatewayError.InvalidValue($"{param}.type", "'url' or 'base64'."));
        }
    }

    private static string Check(string url, string param) =>
        ImageUrl.IsDataUrl(url) ? url
        : url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? throw new GatewayException(GatewayError.InvalidValue(param, "images by URL are not supported yet; send a data URL ('data:image/…;base64,…')."))
            : throw new GatewayException(GatewayError.InvalidValue(param, Forms));
}
