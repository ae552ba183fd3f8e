using Microsoft.Extensions.AI;

namespace OpenClaw.Models;

/// <summary>An embedding model that can be called now. Usage is in <see cref="GeneratedEmbeddings{T}.Usage"/>.</summary>
/// <param name="Reference"><c>provider/id</c>.</param>
public sealed record EmbeddingTarget(
    string Reference, string ProviderId, string ModelId, IEmbeddingGenerator<string, Embedding<float>> Generator);
