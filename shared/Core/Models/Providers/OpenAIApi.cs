using Microsoft.Extensions.AI;
using OpenClaw.Models.Completions;

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

    protected static CompletionsDialect DialectOf(ModelProvider provider, string modelId, bool isAzure) =>
        CompletionsDialect.Of(provider.Id, provider.Transport.Value.Host, isAzure, modelId, provider.CompatOf(modelId));

    public override IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(ModelProvider provider, string modelId) =>
        new EmbeddingClient(provider.Transport.Value, modelId);
}
