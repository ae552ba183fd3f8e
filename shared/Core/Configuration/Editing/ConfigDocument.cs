using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Editing;

/// <summary>A configuration as written, for changes: variables are not expanded, comments are gone.</summary>
public static class ConfigDocument
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads JSON5.</summary>
    /// <param name="problem">What is wrong with it; null for success.</param>
    /// <returns>An object; an empty one after a failure.</returns>
    public static ConfigNode Parse(string text, out ConfigProblem? problem)
    {
        problem = null;
        try
        {
            var document = Json5Parser.Parse(text);
            if (document.Kind == ConfigNodeKind.Map)
            {
                return document;
            }

            problem = new ConfigProblem("", document.Line, document.Column, "The configuration must be an object.");
        }
        catch (Json5Exception failure)
        {
            problem = failure.Problem;
        }

        return new ConfigNode { Kind = ConfigNodeKind.Map };
    }

    /// <summary>JSON, two spaces a level, with a line feed at its end.</summary>
    public static string Write(ConfigNode document)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, document);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>Whether two values say the same, wherever and however they were written.</summary>
    public static bool IsSame(ConfigNode a, ConfigNode b) => Write(a) == Write(b);

    private static void Write(Utf8JsonWriter json, ConfigNode node)
    {
        switch (node.Kind)
        {
            case ConfigNodeKind.Map:
                json.WriteStartObject();
                foreach (var member in node.Members)
                {
                    json.WritePropertyName(member.Key);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case ConfigNodeKind.List:
                json.WriteStartArray();
                foreach (var item in node.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case ConfigNodeKind.Null:
                json.WriteNullValue();
                break;
            case ConfigNodeKind.Number:
                json.WriteRawValue(node.Text);
                break;
            case ConfigNodeKind.Boolean:
                json.WriteBooleanValue(node.Text == "true");
                break;
            default:
                json.WriteStringValue(node.Text);
                break;
        }
    }
}
