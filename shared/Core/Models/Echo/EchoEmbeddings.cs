using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Echo;

/// <summary>
/// The echo provider's embeddings: unit vectors derived from the SHA-256 of the text. Equal texts have equal vectors,
/// different ones are unrelated; they carry no meaning.
/// </summary>
internal sealed class EchoEmbeddings(string modelId) : IEmbeddingGenerator<string, Embedding<float>>
{
    public const int DefaultDimensions = 256;

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var dimensions = options?.Dimensions ?? DefaultDimensions;
        var result = new GeneratedEmbeddings<Embedding<float>>();
        var tokens = 0;
        foreach (var value in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            result.Add(new Embedding<float>(VectorOf(value, dimensions)) { ModelId = options?.ModelId ?? modelId });
            tokens += EchoChatClient.CountTokens(value);
        }

        result.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return Task.FromResult(result);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Nothing to release.
    }

    private static float[] VectorOf(string text, int dimensions)
    {
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), block);
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            if (i % 8 == 0 && i > 0)
            {
                SHA256.HashData(block, block);
            }

            vector[i] = (BinaryPrimitives.ReadInt32LittleEndian(block[(i % 8 * 4)..]) + 0.5f) / int.MaxValue;
        }

        var length = MathF.Sqrt(vector.Sum(value => value * value));
        for (var i = 0; i < dimensions; i++)
        {
            vector[i] /= length;
        }

        return vector;
    }
}
