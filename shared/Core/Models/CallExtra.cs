using System.Text.Json;

namespace OpenClaw.Models;

/// <summary>Fields of a call, beside OpenAI's own, that providers give and need back.</summary>
public static class CallExtra
{
    /// <summary>Longest text of one field; thought signatures take some kilobytes.</summary>
    private const int MaxLength = 256 * 1024;

    // Gemini's compatible API, and LiteLLM's name for the same.
    private static readonly string[] Fields = ["extra_content", "provider_specific_fields"];

    public static bool IsOne(string field) => Fields.Contains(field);

    /// <summary>The name of the property that the reader stands on, if it is one of these fields; else null.</summary>
    internal static string? NameAt(ref Utf8JsonReader reader)
    {
        foreach (var name in Fields)
        {
            if (reader.ValueTextEquals(name))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>An object of those fields that are among <paramref name="fields"/>; null without any.</summary>
    public static JsonElement? Of(IEnumerable<KeyValuePair<string, JsonElement>>? fields)
    {
        var found = fields?.Where(field => IsOne(field.Key) && field.Value.ValueKind == JsonValueKind.Object
            && field.Value.GetRawText().Length <= MaxLength).ToList();
        if (found is not { Count: > 0 })
        {
            return null;
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in found)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>One of the fields; null when it is not there.</summary>
    public static JsonElement? Field(JsonElement? extra, string name) =>
        extra is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(name, out var value) ? value : null;
}
