using System.Text;
using System.Text.Json;
using OpenClaw.Text;

namespace OpenClaw.Models.Echo;

/// <summary>
/// Writes the smallest instance of a JSON Schema, for the keywords that requests to models use: required properties, types,
/// <c>const</c>, <c>enum</c>, bounds of numbers, strings and arrays, <c>$ref</c> into the document, the first of
/// <c>anyOf</c>/<c>oneOf</c>, <c>allOf</c> merged. Patterns and formats other than dates are not invented.
/// </summary>
internal static class JsonSample
{
    private const int MaxDepth = 16;

    /// <param name="text">The value of strings that the schema leaves free.</param>
    public static string Write(JsonElement schema, string text)
    {
        using var buffer = new PooledBuffer(256);
        using (var json = ModelJson.CreateWriter(buffer))
        {
            new Sampler(json, schema, text).Write(schema, 0);
        }

        return Encoding.UTF8.GetString(buffer.Span);
    }

    /// <summary><c>{"text":…}</c>, for callers that want JSON without a schema.</summary>
    public static string WriteText(string text)
    {
        using var buffer = new PooledBuffer(256);
        using (var json = ModelJson.CreateWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.Span);
    }

    private sealed class Sampler(Utf8JsonWriter json, JsonElement root, string text)
    {
        public void Write(JsonElement schema, int depth)
        {
            if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
            {
                json.WriteNullValue();
            }
            else if (schema.TryGetProperty("const", out var value) || schema.TryGetProperty("default", out value))
            {
                value.WriteTo(json);
            }
            else if (First(schema, "enum") is { } member)
            {
                member.WriteTo(json);
            }
            else if (Resolve(schema) is { } target)
            {
                Write(target, depth + 1);
            }
            else if ((First(schema, "anyOf") ?? First(schema, "oneOf")) is { } branch)
            {
                Write(branch, depth + 1);
            }
            else
            {
                WriteType(schema, depth);
            }
        }

        private void WriteType(JsonElement schema, int depth)
        {
            switch (TypeOf(schema))
            {
                case "string":
                    json.WriteStringValue(StringFor(schema));
                    break;
                case "integer" or "number":
                    json.WriteNumberValue(NumberFor(schema));
                    break;
                case "boolean":
                    json.WriteBooleanValue(false);
                    break;
                case "array":
                    WriteArray(schema, depth);
                    break;
                case "null":
                    json.WriteNullValue();
                    break;
                default:
                    WriteObject(schema, depth);
                    break;
            }
        }

        private void WriteObject(JsonElement schema, int depth)
        {
            json.WriteStartObject();
            var written = new HashSet<string>();
            WriteProperties(schema, written, depth);
            json.WriteEndObject();
        }

        private void WriteProperties(JsonElement schema, HashSet<string> written, int depth)
        {
            if (schema.TryGetProperty("allOf", out var parts) && parts.ValueKind == JsonValueKind.Array && depth <= MaxDepth)
            {
                foreach (var part in parts.EnumerateArray())
                {
                    WriteProperties(Resolve(part) ?? part, written, depth + 1);
                }
            }

            if (schema.ValueKind != JsonValueKind.Object
                || !schema.TryGetProperty("required", out var required) || required.ValueKind != JsonValueKind.Array)
            {
                return;
            }

            foreach (var name in required.EnumerateArray().Select(item => item.GetString()).OfType<string>().Where(written.Add))
            {
                json.WritePropertyName(name);
                var isKnown = schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out properties);
                Write(isKnown ? properties : default, depth + 1);
            }
        }

        private void WriteArray(JsonElement schema, int depth)
        {
            json.WriteStartArray();
            for (var i = Bound(schema, "minItems") ?? 0; i > 0; i--)
            {
                Write(schema.TryGetProperty("items", out var items) ? items : default, depth + 1);
            }

            json.WriteEndArray();
        }

        private string StringFor(JsonElement schema)
        {
            var format = schema.TryGetProperty("format", out var value) ? value.GetString() : null;
            var sample = format switch
            {
                "date" => "2000-01-01",
                "time" => "00:00:00Z",
                "date-time" => "2000-01-01T00:00:00Z",
                _ => text,
            };
            var most = (int)Math.Min(Bound(schema, "maxLength") ?? int.MaxValue, int.MaxValue);
            var least = (int)Math.Clamp(Bound(schema, "minLength") ?? 0, 0, 10_000);
            return Utf16.Head(sample, most).PadRight(least, '-');
        }

        private static decimal NumberFor(JsonElement schema)
        {
            var least = Bound(schema, "minimum") ?? Bound(schema, "exclusiveMinimum") + 1;
            var most = Bound(schema, "maximum") ?? Bound(schema, "exclusiveMaximum") - 1;
            return least > 0 ? least.Value : most < 0 ? most.Value : 0;
        }

        private JsonElement? Resolve(JsonElement schema)
        {
            if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("$ref", out var reference)
                || reference.GetString() is not ['#', '/', ..] path)
            {
                return null;
            }

            var target = root;
            foreach (var step in path.Split('/').Skip(1))
            {
                if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(step, out target))
                {
                    return null;
                }
            }

            return target;
        }

        private static string? TypeOf(JsonElement schema) =>
            !schema.TryGetProperty("type", out var type) ? null
            : type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0 ? type[0].GetString()
            : type.ValueKind == JsonValueKind.String ? type.GetString()
            : null;

        private static JsonElement? First(JsonElement schema, string name) =>
            schema.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
                ? list[0]
                : null;

        private static decimal? Bound(JsonElement schema, string name) =>
            schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var bound)
                ? bound
                : null;
    }
}
