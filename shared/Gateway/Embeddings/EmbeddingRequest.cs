using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Gateway.Wire;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Embeddings;

/// <summary>Body of <c>POST /v1/embeddings</c>. Source: OpenAI API reference, embeddings.</summary>
internal sealed record EmbeddingRequest
{
    public string? Model { get; init; }

    /// <summary>A string or up to 128 strings of up to 8,192 characters, 65,536 in all. Token arrays are refused.</summary>
    [JsonConverter(typeof(EmbeddingInputConverter))]
    public IReadOnlyList<string>? Input { get; init; }

    /// <summary><c>float</c> (default) or <c>base64</c>: little-endian 32-bit floats.</summary>
    public string? EncodingFormat { get; init; }

    [JsonConverter(typeof(WholeNumberConverter))]
    public int? Dimensions { get; init; }

    public string? User { get; init; }
}

/// <summary>The answer.</summary>
internal sealed record EmbeddingList(IReadOnlyList<EmbeddingEntry> Data, string Model, EmbeddingUsage Usage)
{
    public string Object { get; init; } = "list";
}

/// <summary>One vector; exactly one of the two forms is written, under the name <c>embedding</c>.</summary>
[JsonConverter(typeof(EmbeddingEntryConverter))]
internal sealed record EmbeddingEntry(int Index, ReadOnlyMemory<float> Vector, bool AsBase64);

internal sealed record EmbeddingUsage(long PromptTokens, long TotalTokens);

/// <summary>A string or an array of strings, with an error of its own for token arrays, which SDKs may send.</summary>
internal sealed class EmbeddingInputConverter : TextsConverter
{
    protected override string Forms => "a string or an array of strings (token arrays are not supported)";
}

/// <summary>Writes the vector in the form that was asked for.</summary>
internal sealed class EmbeddingEntryConverter : JsonConverter<EmbeddingEntry>
{
    public override EmbeddingEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, EmbeddingEntry value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("object", "embedding");
        writer.WriteNumber("index", value.Index);
        if (value.AsBase64)
        {
            writer.WriteBase64String("embedding", System.Runtime.InteropServices.MemoryMarshal.AsBytes(value.Vector.Span));
        }
        else
        {
            writer.WriteStartArray("embedding");
            foreach (var number in value.Vector.Span)
            {
                writer.WriteNumberValue(number);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingList))]
internal sealed partial class EmbeddingJson : JsonSerializerContext;
