using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models.Upstream;
using OpenClaw.Text;

namespace OpenClaw.Models;

/// <summary>
/// Embeddings behind an OpenAI-compatible <c>/embeddings</c>. Asks for base64 (little-endian floats, a quarter of the
/// bytes) and also takes arrays. Source: OpenAI API reference, "Create embeddings".
/// </summary>
internal sealed class EmbeddingClient(ProviderTransport transport, string modelId) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <exception cref="GatewayException">As <see cref="ProviderTransport.PostAsync"/>; <c>upstream_protocol</c> when the
    /// answer does not have one vector per value.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var inputs = values as IReadOnlyCollection<string> ?? [.. values];
        var model = options?.ModelId ?? modelId;
        using var body = new PooledBuffer();
        Write(body, model, inputs, options);
        using var answer = await transport.PostAsync("/embeddings", body.Memory, model, cancellationToken);
        using var json = await answer.ReadAllAsync(cancellationToken);
        try
        {
            return Read(json.Span, model, inputs.Count);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol(), exception);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Connections belong to the catalog.
    }

    private static void Write(PooledBuffer body, string model, IReadOnlyCollection<string> inputs, EmbeddingGenerationOptions? options)
    {
        using var json = ModelJson.CreateWriter(body);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteStartArray("input"u8);
        foreach (var input in inputs)
        {
            json.WriteStringValue(input);
        }

        json.WriteEndArray();
        json.WriteString("encoding_format"u8, "base64"u8);
        json.WriteOptional("dimensions"u8, options?.Dimensions);
        json.WriteOptional("user"u8, ModelJson.Property(options?.AdditionalProperties, ModelProperties.User));
        json.WriteEndObject();
    }

    private GeneratedEmbeddings<Embedding<float>> Read(ReadOnlySpan<byte> body, string model, int count)
    {
        var reader = new Utf8JsonReader(body);
        var answer = JsonElement.ParseValue(ref reader);
        if (answer.TryGetProperty("error", out var failure) && failure.ValueKind != JsonValueKind.Null)
        {
            var error = UpstreamError.From(failure);
            transport.LogErrorInStream(error);
            throw new GatewayException(error.ToGatewayErrorInStream());
        }

        model = answer.TryGetProperty("model", out var name) ? name.GetString() ?? model : model;
        var vectors = new Embedding<float>[count];
        var position = 0;
        foreach (var item in answer.GetProperty("data").EnumerateArray())
        {
            var index = item.TryGetProperty("index", out var given) ? given.GetInt32() : position;
            ModelJson.Expect(index >= 0 && index < count && vectors[index] is null);
            vectors[index] = new Embedding<float>(ReadVector(item.GetProperty("embedding"))) { ModelId = model };
            position++;
        }

        ModelJson.Expect(position == count);
        return new GeneratedEmbeddings<Embedding<float>>(vectors)
        {
            Usage = answer.TryGetProperty("usage", out var usage) ? UsageReader.Read(usage) : null,
        };
    }

    private static float[] ReadVector(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return [.. element.EnumerateArray().Select(number => number.GetSingle())];
        }

        var bytes = element.GetBytesFromBase64();
        ModelJson.Expect(bytes.Length % sizeof(float) == 0);
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray(); // every platform of .NET 10 that we run on is little-endian
    }
}
