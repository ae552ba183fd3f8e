using System.Text.Json;
using OpenClaw.Errors;

namespace OpenClaw.Runs.Input;

/// <summary>The checks of a caller's tools that surfaces share, and the reader of OpenAI's <c>tool_choice</c> in all its forms.</summary>
public static class ToolNames
{
    private const string Forms = "'none', 'auto', 'required', a function or 'allowed_tools'";

    /// <exception cref="GatewayException"><c>400</c>: not 1 to 64 of letters, digits, <c>_</c> and <c>-</c>.</exception>
    public static void Check(string? name, string param)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new GatewayException(GatewayError.MissingField(param));
        }

        if (name.Length > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')))
        {
            throw new GatewayException(GatewayError.InvalidValue(param, "1 to 64 letters, digits, '_' or '-'."));
        }
    }

    /// <summary>The schema; null when it is absent or null. Anything but an object is refused.</summary>
    public static JsonElement? CheckSchema(JsonElement? schema, string param) => schema?.ValueKind switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.Object => schema,
        _ => throw new GatewayException(GatewayError.InvalidType(param, "a JSON Schema object")),
    };

    /// <summary>Reads a choice: a word, a pinned function (nested or flat), or <c>allowed_tools</c> (nested or flat).</summary>
    /// <exception cref="GatewayException"><c>400</c> naming the field; also when a tool is named that was not declared.</exception>
    public static ToolChoice ReadChoice(JsonElement? choice, IReadOnlyCollection<string> declared)
    {
        if (choice is not { } value || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return ToolChoice.Auto;
        }

        var read = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() switch
            {
                "auto" => ToolChoice.Auto,
                "none" => new ToolChoice(ToolChoiceMode.None),
                "required" => new ToolChoice(ToolChoiceMode.Required),
                _ => throw new GatewayException(GatewayError.InvalidValue("tool_choice", Forms + ".")),
            },
            JsonValueKind.Object => ReadObject(value, declared),
            _ => throw new GatewayException(GatewayError.InvalidType("tool_choice", Forms)),
        };
        return read.Mode == ToolChoiceMode.Required && declared.Count == 0
            ? throw new GatewayException(GatewayError.InvalidValue("tool_choice", "a tool is required but 'tools' declares none."))
            : read;
    }

    private static ToolChoice ReadObject(JsonElement value, IReadOnlyCollection<string> declared)
    {
        switch (Text(value, "type"))
        {
            case "function":
                var nested = value.TryGetProperty("function", out var function);
                return new ToolChoice(
                    ToolChoiceMode.Required,
                    [Declared(nested ? function : value, declared, nested ? "tool_choice.function.name" : "tool_choice.name")]);
            case "allowed_tools":
                var inner = value.TryGetProperty("allowed_tools", out var wrapped) && wrapped.ValueKind == JsonValueKind.Object ? wrapped
                    : value;
                return ReadAllowed(inner, declared);
            case "auto":
                return ToolChoice.Auto;
            case "none":
                return new ToolChoice(ToolChoiceMode.None);
            case "required":
                return new ToolChoice(ToolChoiceMode.Required);
            default:
                throw new GatewayException(GatewayError.InvalidValue("tool_choice.type", Forms + "."));
        }
    }

    private static ToolChoice ReadAllowed(JsonElement value, IReadOnlyCollection<string> declared)
    {
        if (!value.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array || tools.GetArrayLength() == 0)
        {
            throw new GatewayException(GatewayError.MissingField("tool_choice.tools"));
        }

        var names = new List<string>();
        foreach (var tool in tools.EnumerateArray())
        {
            var param = $"tool_choice.tools[{names.Count}]";
            var named = tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var function) ? function : tool;
            names.Add(Declared(named, declared, param + ".name"));
        }

        return Text(value, "mode") switch
        {
            null or "auto" => new ToolChoice(ToolChoiceMode.Auto, names),
            "required" => new ToolChoice(ToolChoiceMode.Required, names),
            "none" => new ToolChoice(ToolChoiceMode.None),
            _ => throw new GatewayException(GatewayError.InvalidValue("tool_choice.mode", "'auto' or 'required'.")),
        };
    }

    private static string Declared(JsonElement element, IReadOnlyCollection<string> declared, string param)
    {
        var name = element.ValueKind == JsonValueKind.Object ? Text(element, "name") : null;
        Check(name, param);
        return declared.Contains(name!)
            ? name!
            : throw new GatewayException(GatewayError.InvalidValue(param, $"'{name}' is not among the declared tools."));
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
