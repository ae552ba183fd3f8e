using System.Buffers;
using System.Text.Json;
using OpenClaw.Errors;

namespace OpenClaw.Tools.Direct;

/// <summary>Arguments against the schema of a tool: what is required, what is unknown, and the types and choices of the first level. What
/// a schema says beyond that, the tool checks.</summary>
public static class ArgumentCheck
{
    /// <summary>Names by which a call could ask the gateway to connect elsewhere; refused where the schema does not have them, even if it
    /// is open to others.</summary>
    private static readonly string[] Addresses = ["gatewayurl", "baseurl", "endpoint"];

    /// <exception cref="GatewayException"><c>400 invalid_argument</c>, naming the argument.</exception>
    public static void Check(JsonElement schema, JsonElement arguments)
    {
        var known = Object(schema, "properties");
        var isClosed = schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False;
        foreach (var argument in arguments.EnumerateObject())
        {
            if (known is { } properties && properties.TryGetProperty(argument.Name, out var declared))
            {
                Check(argument, declared);
            }
            else if (isClosed || Addresses.Contains(Fold(argument.Name)))
            {
                throw Wrong(argument.Name, "the tool has no such argument");
            }
        }

        if (schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (var name in required.EnumerateArray().Select(n => n.GetString()!))
            {
                if (!arguments.TryGetProperty(name, out _))
                {
                    throw Wrong(name, "it is missing");
                }
            }
        }
    }

    /// <summary>The arguments with an <c>action</c>, where the tool has such an argument and it was not given.</summary>
    public static JsonElement WithAction(JsonElement schema, JsonElement arguments, string? action)
    {
        if (action is null || arguments.TryGetProperty("action", out _) || Object(schema, "properties") is not { } properties
            || !properties.TryGetProperty("action", out _))
        {
            return arguments;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("action", action);
            foreach (var argument in arguments.EnumerateObject())
            {
                argument.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Check(JsonProperty argument, JsonElement declared)
    {
        if (declared.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (declared.TryGetProperty("type", out var type))
        {
            var types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString())]
                : new[] { type.GetString() };
            if (!types.Any(t => Fits(t, argument.Value)))
            {
                throw Wrong(argument.Name, $"it must be {string.Join(" or ", types.Select(Describe))}");
            }
        }

        if (declared.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array
            && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, argument.Value)))
        {
            throw Wrong(argument.Name, $"it must be one of {string.Join(", ", choices.EnumerateArray().Take(20))}");
        }
    }

    private static bool Fits(string? type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == Math.Truncate(number),
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    private static string Describe(string? type) => type switch
    {
        "boolean" => "true or false",
        "integer" => "a whole number",
        "array" => "an array",
        "object" => "an object",
        "null" => "null",
        _ => $"a {type}",
    };

    private static JsonElement? Object(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Object
            ? found : null;

    private static string Fold(string name) => string.Concat(name.Where(char.IsAsciiLetter)).ToLowerInvariant();

    private static GatewayException Wrong(string name, string why) =>
        new(GatewayError.InvalidRequest($"Wrong argument '{(name.Length > 60 ? name[..60] + "…" : name)}': {why}.", "args",
            ErrorCode.InvalidArgument));
}
