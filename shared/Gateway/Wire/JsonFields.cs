using System.Text.Json;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Wire;

/// <summary>Reads fields of loosely typed JSON: null is absent, a wrong type is an error that names the field.</summary>
internal static class JsonFields
{
    /// <exception cref="GatewayException"><c>400 invalid_type</c>.</exception>
    public static string? Text(this JsonElement element, string name, string param) => element.Field(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw new GatewayException(GatewayError.InvalidType($"{param}.{name}", "a string")),
    };

    /// <exception cref="GatewayException"><c>400</c>: absent or not a string.</exception>
    public static string RequiredText(this JsonElement element, string name, string param) =>
        element.Text(name, param) ?? throw new GatewayException(GatewayError.MissingField($"{param}.{name}"));

    /// <summary>The field, or null when it is absent or null.</summary>
    public static JsonElement? Field(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value : null;

    /// <exception cref="GatewayException"><c>400 invalid_type</c>.</exception>
    public static JsonElement AsObject(this JsonElement element, string param) => element.ValueKind == JsonValueKind.Object
        ? element
        : throw new GatewayException(GatewayError.InvalidType(param, "an object"));
}
