using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Providers;

/// <summary>What OpenAI's APIs share: its address and embeddings.</summary>
internal abstract class OpenAIApi : ProviderApi
{
    public override string? DefaultUrl => "https://api.openai.com/v1";

    public override IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(ModelProvider provider, string modelId) =>
        new EmbeddingClient(provider.Transport.Value, modelId);
}
