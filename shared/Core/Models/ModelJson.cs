using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Text;

namespace OpenClaw.Models;

/// <summary>JSON as model providers read and write it.</summary>
internal static class ModelJson
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // smaller bodies; they are never rendered as HTML
        SkipValidation = true,
    };

    public static Utf8JsonWriter CreateWriter(IBufferWriter<byte> output) => new(output, WriterOptions);

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } flag)
        {
            json.WriteBoolean(name, flag);
        }
    }

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, float? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    /// <summary>The parameters schema to send; null when the caller declared none.</summary>
    public static JsonElement? ParametersOf(AIFunctionDeclaration function) =>
        function is FunctionTool tool ? tool.Parameters : function.JsonSchema;

    /// <summary>The arguments of a call in history, as JSON text; exactly as the model wrote it if that is known.</summary>
    public static string ArgumentsOf(FunctionCallContent call)
    {
        if (call is RawFunctionCall raw)
        {
            return raw.ArgumentsText;
        }

        using var buffer = new PooledBuffer(256);
        using (var writer = CreateWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
            {
                writer.WritePropertyName(name);
                WriteValue(writer, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.Span);
    }

    /// <summary>The arguments of a call in history as a JSON object, which many servers require: they parse the text and fail otherwise.
    /// Exactly as the model wrote it where that is an object; other text, from a malformed call, is a string inside an object.</summary>
    public static string ObjectOf(FunctionCallContent call)
    {
        var arguments = ArgumentsOf(call);
        if (IsObject(arguments))
        {
            return arguments;
        }

        if (string.IsNullOrWhiteSpace(arguments) || arguments.Trim() == "null")
        {
            return "{}";
        }

        using var buffer = new PooledBuffer(256);
        using (var writer = CreateWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("malformed_arguments"u8, arguments);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.Span);
    }

    public static bool IsObject(string text)
    {
        try
        {
            return JsonElement.Parse(text).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A tool's result for an API without a field for failures: the text of a failed one begins with "Error: ".</summary>
    public static string TextOf(FunctionResultContent result) =>
        result.Exception is null ? PlainTextOf(result) : "Error: " + PlainTextOf(result);

    /// <summary>A tool's result for an API that takes only text. Where there is nothing but media, a note stands for it: the media
    /// themselves follow in another message.</summary>
    public static string PlainTextOf(FunctionResultContent result) => result.Result switch
    {
        null => "",
        string text => text,
        JsonElement element => element.GetRawText(),
        IEnumerable<AIContent> parts => string.Concat(parts.OfType<TextContent>().Select(text => text.Text)) is { Length: > 0 } said
            ? said : parts.Any(IsMedia) ? "See the message below." : "",
        TextContent part => part.Text,
        var other => other.ToString() ?? "",
    };

    /// <summary>The URL of an image part; null for other content.</summary>
    public static string? ImageUrlOf(AIContent content) => content switch
    {
        DataContent data when data.HasTopLevelMediaType("image") => data.Uri,
        UriContent uri when uri.HasTopLevelMediaType("image") => uri.Uri.OriginalString,
        _ => null,
    };

    /// <summary>A document that is sent to the model unchanged; null for other content.</summary>
    public static DataContent? FileOf(AIContent content) =>
        content is DataContent data && !data.HasTopLevelMediaType("image") ? data : null;

    /// <summary>Its name, which providers require.</summary>
    public static string NameOf(DataContent file) => file.Name ?? "file.pdf";

    /// <summary>Images and documents.</summary>
    public static bool IsMedia(AIContent content) => ImageUrlOf(content) is not null || FileOf(content) is not null;

    public static string? Property(AdditionalPropertiesDictionary? properties, string name) =>
        properties is not null && properties.TryGetValue(name, out var value) ? value as string : null;

    /// <summary>Reads the value of the property the reader stands on; null when it is not a string.</summary>
    public static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return ReadText(ref reader);
        }

        reader.Skip();
        return null;
    }

    /// <summary>The same as <see cref="ReadString"/> for a piece of a text; empty when it is not a string.</summary>
    public static string ReadPieceValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return ReadPiece(ref reader);
        }

        reader.Skip();
        return "";
    }

    /// <exception cref="JsonException">Always when <paramref name="condition"/> does not hold.</exception>
    public static void Expect(bool condition)
    {
        if (!condition)
        {
            throw new JsonException();
        }
    }

    /// <summary>The text of a JSON string. Half of a surrogate pair becomes U+FFFD instead of ending the answer.</summary>
    public static string ReadText(ref Utf8JsonReader reader) => Utf16.Repair(ReadPiece(ref reader));

    /// <summary>The same for a piece of a text, which may begin or end with half of a surrogate pair: some providers cut between UTF-16
    /// units. See <see cref="Utf16.Join"/>.</summary>
    public static string ReadPiece(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException) when (reader.TokenType == JsonTokenType.String)
        {
            return WithHalfPairs(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    /// <summary>The value of a property as <see cref="ReadPiece(ref Utf8JsonReader)"/> reads it; null when it is missing or no
    /// string.</summary>
    public static string? PieceOf(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        reader.Read();
        return ReadPiece(ref reader);
    }

    /// <summary>The value of a property; null when it is missing or no string.</summary>
    public static string? TextOf(JsonElement element, string name) => PieceOf(element, name) is { } text ? Utf16.Repair(text) : null;

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonElement element:
                element.WriteTo(writer);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int or long:
                writer.WriteNumberValue(Convert.ToInt64(value, null));
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }

    private static string WithHalfPairs(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            text.Append(escaped[i] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\b',
                'f' => '\f',
                'u' => (char)Convert.ToUInt16(escaped.Substring((i += 4) - 3, 4), 16),
                var other => other,
            });
        }

        return text.ToString();
    }
}
