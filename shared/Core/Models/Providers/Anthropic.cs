using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models.Anthropic;

namespace OpenClaw.Models.Providers;

/// <summary>Anthropic's Messages API. It has no embeddings. Source: Claude API reference.</summary>
internal sealed class Anthropic : ProviderApi
{
    private static readonly KeyValuePair<string, string>[] Version = [new("anthropic-version", "2023-06-01")];

    public override string Name => "anthropic-messages";

    public override string? DefaultUrl => "https://api.anthropic.com";

    public override string KeyHeader => "x-api-key";

    public override IReadOnlyList<KeyValuePair<string, string>> FixedHeaders => Version;

    public override string ModelPrefix => "claude-";

    public override string MakerId => "anthropic";

    public override string BaseUrlOf(ProviderSection provider) => WithEnd(UrlOf(provider), "/v1");

    public override IChatClient CreateClient(ModelProvider provider, string modelId) =>
        new AnthropicClient(
            provider.Transport.Value, modelId, id => provider.Find(id)?.MaxTokens, provider.CompatOf, provider.MaxAnswerChars);

    /// <summary>Lists one model, which costs no tokens.</summary>
    public override ValueTask<ProviderHealth> CheckHealthAsync(ModelProvider provider, CancellationToken cancellationToken) =>
        provider.Transport.Value.CheckAsync("/models?limit=1", cancellationToken);
}
