using Microsoft.Extensions.AI;
using OpenClaw.Models.Completions;

namespace OpenClaw.Models.Providers;

/// <summary>What OpenAI's APIs share: its address and embeddings.</summary>
internal abstract class OpenAIApi : ProviderApi
{
    public override string? DefaultUrl => "https://api.openai.com/v1";

    protected static CompletionsDialect DialectOf(ModelProvider provider, string modelId, bool isAzure) =>
        CompletionsDialect.Of(provider.Id, provider.Transport.Value.Host, isAzure, modelId, provider.CompatOf(modelId));

    public override IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(ModelProvider provider, string modelId) =>
        new EmbeddingClient(provider.Transport.Value, modelId);
}
