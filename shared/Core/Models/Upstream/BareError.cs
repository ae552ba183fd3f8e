using System.Text.Json;

namespace OpenClaw.Models.Upstream;

/// <summary>Recognises an error that a provider sends in place of a piece of its answer, without the <c>error</c> field around it:
/// <c>{"code":"InternalError","message":"…"}</c>, <c>{"object":"error",…}</c>, <c>{"detail":"…"}</c>,
/// <c>{"error_code":336,…}</c>.</summary>
internal static class BareError
{
    private static readonly string[] Codes = ["error_code", "errorCode", "error_msg", "error_message", "errorMessage", "errors"];
    private static readonly string[] Messages = ["message", "msg", "detail"];
    private static readonly string[] Successes = ["0", "200", "ok", "success"];

    /// <param name="element">A document that has nothing of an answer.</param>
    public static bool Is(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (Says(element, "object") || Says(element, "type") || Says(element, "status"))
        {
            return true;
        }

        if (Codes.Any(name => element.TryGetProperty(name, out var value) && IsTold(value)))
        {
            return true;
        }

        return !element.TryGetProperty("type", out _) && !IsSuccess(element)
            && Messages.Any(name => element.TryGetProperty(name, out var value) && IsTold(value));
    }

    /// <summary>Whether a value says anything: <c>"error": null</c>, <c>false</c>, <c>0</c> and <c>""</c> mean that there is
    /// no error.</summary>
    public static bool IsTold(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.String => value.ValueEquals("") is false,
        JsonValueKind.Number => !value.TryGetInt64(out var number) || number != 0,
        _ => true,
    };

    private static bool IsSuccess(JsonElement element) => element.TryGetProperty("code", out var code) && Successes.Contains(
        code.ValueKind == JsonValueKind.String ? ModelJson.TextOf(element, "code") : code.GetRawText(), StringComparer.OrdinalIgnoreCase);

    // "error", or a kind of error such as "overloaded_error".
    private static bool Says(JsonElement element, string name) =>
        ModelJson.TextOf(element, name)?.EndsWith("error", StringComparison.OrdinalIgnoreCase) == true;
}
