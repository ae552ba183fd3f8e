using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Messages;

/// <summary>One content block of a request.</summary>
/// <param name="Json">An object, or the string that stands for one text block.</param>
/// <param name="Param">Its place, such as <c>messages[0].content[1]</c>.</param>
internal readonly record struct InputBlock(JsonElement Json, string Param)
{
    /// <exception cref="GatewayException"><c>400</c>: absent or not a string.</exception>
    public string Type => IsPlainText ? "text" : RequiredText("type");

    /// <summary>The text of a text block.</summary>
    /// <exception cref="GatewayException"><c>400</c>: absent or not a string.</exception>
    public string Text => IsPlainText ? Json.GetString()! : RequiredText("text");

    private bool IsPlainText => Json.ValueKind == JsonValueKind.String;

    /// <summary>The blocks of a content field.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_type</c>: neither a string nor an array of objects.</exception>
    public static IReadOnlyList<InputBlock> ReadAll(JsonElement content, string param)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return [new InputBlock(content, param)];
            case JsonValueKind.Array:
                var blocks = new List<InputBlock>(content.GetArrayLength());
                foreach (var element in content.EnumerateArray())
                {
                    var place = $"{param}[{blocks.Count}]";
                    blocks.Add(new InputBlock(element.AsObject(place), place));
                }

                return blocks;
            default:
                throw new GatewayException(GatewayError.InvalidType(param, "a string or an array of content blocks"));
        }
    }

    public JsonElement? Field(string name) => Json.Field(name);

    /// <exception cref="GatewayException"><c>400</c>: absent.</exception>
    public JsonElement RequiredField(string name) =>
        Json.Field(name) ?? throw new GatewayException(GatewayError.MissingField($"{Param}.{name}"));

    /// <exception cref="GatewayException"><c>400</c>: not a string.</exception>
    public string? OptionalText(string name) => Json.Text(name, Param);

    /// <exception cref="GatewayException"><c>400</c>: absent or not a string.</exception>
    public string RequiredText(string name) => Json.RequiredText(name, Param);

    /// <exception cref="GatewayException"><c>400</c>: absent, empty or not a string.</exception>
    public string RequiredId(string name) =>
        RequiredText(name) is { Length: > 0 } id ? id : throw Invalid(name, "a string that is not empty.");

    /// <exception cref="GatewayException"><c>400</c>: not a boolean.</exception>
    public bool Flag(string name) => Field(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw new GatewayException(GatewayError.InvalidType($"{Param}.{name}", "a boolean")),
    };

    public GatewayException Invalid(string name, string message) => new(GatewayError.InvalidValue($"{Param}.{name}", message));
}
