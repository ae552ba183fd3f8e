using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Models;

/// <summary>
/// OpenAI's rules for a strict schema: every object is closed and all its properties are required. Source: OpenAI guide "Structured
/// outputs", supported schemas.
/// </summary>
internal static class StrictSchema
{
    private static readonly string[] SchemaMaps = ["properties", "$defs", "definitions"];

    private static readonly string[] SchemaLists = ["anyOf", "oneOf", "allOf", "prefixItems"];

    /// <summary>A strict schema with every object closed; not strict when it has optional properties or open objects, which OpenAI
    /// would refuse. The schemas of other providers' callers may have both.</summary>
    /// <param name="isChecked">Whether the provider checks these rules.</param>
    public static (JsonElement Schema, bool? Strict) Fit(JsonElement schema, bool? strict, bool isChecked)
    {
        if (strict != true || !isChecked || schema.ValueKind != JsonValueKind.Object)
        {
            return (schema, strict);
        }

        var closed = ToolSchema.ToObject(schema);
        return Close(closed, needsAll: true) ? (ToolSchema.ToElement(closed), true) : (schema, false);
    }

    /// <summary>Adds <c>additionalProperties: false</c> to every object.</summary>
    /// <param name="needsAll">Whether all properties must be required.</param>
    /// <returns>False when an object is open, or has an optional property although <paramref name="needsAll"/>.</returns>
    internal static bool Close(JsonNode? node, bool needsAll)
    {
        if (node is not JsonObject schema)
        {
            return true;
        }

        if (IsObject(schema))
        {
            if (schema["additionalProperties"] is { } open && !(open is JsonValue value && value.TryGetValue<bool>(out var flag) && !flag))
            {
                return false;
            }

            schema["additionalProperties"] = false;
            var required = (schema["required"] as JsonArray ?? []).Select(name => name?.ToString()).ToHashSet();
            if (needsAll && schema["properties"] is JsonObject properties && properties.Any(property => !required.Contains(property.Key)))
            {
                return false;
            }
        }

        return SchemasIn(schema).All(inner => Close(inner, needsAll));
    }

    internal static IEnumerable<JsonNode?> SchemasIn(JsonObject schema)
    {
        var maps = SchemaMaps.SelectMany(name => (schema[name] as JsonObject ?? []).Select(pair => pair.Value));
        var lists = SchemaLists.SelectMany(name => schema[name] as JsonArray ?? []);
        return [.. maps, .. lists, schema["items"]];
    }

    private static bool IsObject(JsonObject schema) => schema["type"] switch
    {
        JsonValue type => type.TryGetValue<string>(out var name) && name == "object",
        JsonArray types => types.Any(type => type?.ToString() == "object"),
        _ => schema["properties"] is JsonObject,
    };
}
