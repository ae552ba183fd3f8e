using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Models;

/// <summary>
/// The schema of a tool's parameters as every provider takes it. Arguments are always an object, so a schema that leaves that out means
/// the same with it: <c>{}</c> is refused by Anthropic, an object without <c>properties</c> by OpenAI.
/// </summary>
internal static class ToolSchema
{
    /// <summary>The schema with <c>type</c> and <c>properties</c>.</summary>
    public static JsonElement Complete(JsonElement schema)
    {
        var isObject = schema.ValueKind == JsonValueKind.Object;
        if (isObject && schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && type.ValueEquals("object"u8) && (schema.TryGetProperty("properties", out _) || schema.TryGetProperty("$ref", out _)))
        {
            return schema;
        }

        var whole = isObject ? ToObject(schema) : [];
        whole["type"] = "object";
        whole["properties"] ??= new JsonObject();
        return ToElement(whole);
    }

    /// <summary>The same without <c>anyOf</c>, <c>oneOf</c> and <c>allOf</c> at the top, which Anthropic refuses: their properties
    /// become optional ones of the whole. Those of <c>allOf</c> stay required.</summary>
    public static JsonElement Flatten(JsonElement schema)
    {
        var complete = Complete(schema);
        if (!complete.EnumerateObject().Any(field => field.Name is "anyOf" or "oneOf" or "allOf"))
        {
            return complete;
        }

        var whole = ToObject(complete);
        var properties = whole["properties"] as JsonObject ?? [];
        var required = (whole["required"] as JsonArray ?? []).Select(name => name?.ToString()).ToHashSet();
        foreach (var name in (string[])["allOf", "anyOf", "oneOf"])
        {
            foreach (var part in (whole[name] as JsonArray ?? []).OfType<JsonObject>())
            {
                foreach (var (key, value) in part["properties"] as JsonObject ?? [])
                {
                    properties[key] ??= value?.DeepClone();
                }

                required.UnionWith(name == "allOf" && part["required"] is JsonArray more ? more.Select(key => key?.ToString()) : []);
            }

            whole.Remove(name);
        }

        whole["properties"] = properties.DeepClone();
        whole["required"] = new JsonArray([.. required.Select(key => (JsonNode?)key)]);
        return ToElement(whole);
    }

    /// <summary>The schema to change. A field that stands twice counts as its last value, as JSON parsers do.</summary>
    internal static JsonObject ToObject(JsonElement schema)
    {
        var copy = new JsonObject();
        foreach (var field in schema.EnumerateObject())
        {
            copy[field.Name] = ToNode(field.Value);
        }

        return copy;
    }

    private static JsonNode? ToNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ToObject(value),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(ToNode)]),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };

    internal static JsonElement ToElement(JsonNode node) => JsonElement.Parse(node.ToJsonString());
}
