using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// A JSON Schema within what Claude enforces. Every object is closed, because Claude refuses any other. Limits of numbers, texts, lists
/// and objects, which it refuses too, become part of the description. Source: Claude API documentation, "Structured outputs", JSON
/// Schema limitations.
/// </summary>
internal static class ClaudeSchema
{
    private static readonly string[] Limits =
    [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems", "uniqueItems",
        "minProperties", "maxProperties",
    ];

    private static readonly string[] Unsupported =
    [
        "patternProperties", "propertyNames", "unevaluatedProperties", "dependentSchemas", "dependentRequired", "if", "then", "else",
        "not", "contains", "prefixItems", "$dynamicRef", "$recursiveRef",
    ];

    private static readonly string[] Formats =
        ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

    /// <returns>Null when the schema needs what Claude cannot enforce: open objects, recursion, references to other documents.</returns>
    public static JsonElement? Fit(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var root = ToolSchema.ToObject(schema);
        return StrictSchema.Close(root, needsAll: false) && Fit(root, new References(root)) ? ToolSchema.ToElement(root) : null;
    }

    private static bool Fit(JsonNode? node, References references)
    {
        if (node is not JsonObject schema)
        {
            return node is null or JsonValue;
        }

        if (Unsupported.Any(schema.ContainsKey)
            || (schema["enum"] is JsonArray values && values.Any(value => value is JsonObject or JsonArray)))
        {
            return false;
        }

        MoveLimits(schema);
        if (schema.Remove("oneOf", out var oneOf))
        {
            if (schema.ContainsKey("anyOf"))
            {
                return false;
            }

            schema["anyOf"] = oneOf;
        }

        if (schema["$ref"] is { } reference && !references.IsFinite(reference.ToString()))
        {
            return false;
        }

        return StrictSchema.SchemasIn(schema).All(inner => Fit(inner, references));
    }

    private static void MoveLimits(JsonObject schema)
    {
        var notes = new List<string>();
        foreach (var name in Limits)
        {
            if (schema.Remove(name, out var limit))
            {
                notes.Add($"{name}: {limit?.ToJsonString()}");
            }
        }

        if (schema["minItems"] is { } least && least.ToJsonString() is not ("0" or "1"))
        {
            schema.Remove("minItems");
            notes.Add($"minItems: {least.ToJsonString()}");
        }

        if (schema["format"] is { } format && !Formats.Contains(format.ToString()))
        {
            schema.Remove("format");
            notes.Add($"format: {format}");
        }

        if (notes.Count > 0)
        {
            var said = schema["description"] is JsonValue description ? description + "\n" : "";
            schema["description"] = $"{said}{{{string.Join(", ", notes)}}}";
        }
    }

    /// <summary>References of one schema. Each is followed once, so that a schema in which many lead to the same place is no
    /// work.</summary>
    private sealed class References(JsonObject root)
    {
        private readonly HashSet<string> _path = new(StringComparer.Ordinal);
        private readonly HashSet<string> _finite = new(StringComparer.Ordinal);

        /// <summary>Whether it leads into the same document, and not back to itself.</summary>
        public bool IsFinite(string reference)
        {
            if (_finite.Contains(reference))
            {
                return true;
            }

            if (!reference.StartsWith("#/", StringComparison.Ordinal) || !_path.Add(reference))
            {
                return false;
            }

            JsonNode? target = root;
            foreach (var name in reference[2..].Split('/'))
            {
                var key = name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                target = (target as JsonObject)?[key];
            }

            var isFinite = target is not null && In(target).All(IsFinite);
            _path.Remove(reference);
            return isFinite && _finite.Add(reference);
        }

        private static IEnumerable<string> In(JsonNode? node) => node is not JsonObject schema ? []
            : schema["$ref"] is { } reference ? [reference.ToString()]
            : StrictSchema.SchemasIn(schema).SelectMany(In);
    }
}
