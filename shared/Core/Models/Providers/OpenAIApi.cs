using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Providers;

/// <summary>What OpenAI's APIs share: its address, embeddings and words for errors, which compatible servers have copied.</summary>
internal abstract class OpenAIApi : ProviderApi
{
    private static readonly ErrorWords Words = new(
        Quota: ["insufficient_quota", "billing_hard_limit_reached", "quota_exceeded"],
        QuotaPhrases: [],
        RateLimit: ["429", "rate_limit_exceeded"],
        TooLongPhrases: ["context length", "context window", "maximum context", "context_length_exceeded"]);

    public override string? DefaultUrl => "https://api.openai.com/v1";

    public override ErrorWords ErrorWords => Words;

    public override IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(ModelProvider provider, string modelId) =>
        new EmbeddingClient(provider.Transport.Value, modelId);
}
