using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models.Anthropic;

namespace OpenClaw.Models.Providers;

/// <summary>Anthropic's Messages API. It has no embeddings. Source: Claude API reference.</summary>
internal sealed class Anthropic : ProviderApi
{
    private static readonly KeyValuePair<string, string>[] Version = [new("anthropic-version", "2023-06-01")];

    // "billing_error" and the phrase about credit come with status 403 or 400.
    private static readonly ErrorWords Words = new(
        Quota: ["billing_error"],
        QuotaPhrases: ["credit balance is too low"],
        RateLimit: ["rate_limit_error"],
        TooLongPhrases: ["prompt is too long", "input is too long"]);

    public override string Name => "anthropic-messages";

    public override string? DefaultUrl => "https://api.anthropic.com";

    public override string KeyHeader => "x-api-key";

    public override IReadOnlyList<KeyValuePair<string, string>> FixedHeaders => Version;

    public override ErrorWords ErrorWords => Words;

    public override string ModelPrefix => "claude-";

    public override string MakerId => "anthropic";

    public override string BaseUrlOf(ProviderSection provider) => WithEnd(UrlOf(provider), "/v1");

    public override IChatClient CreateClient(ModelProvider provider, string modelId) =>
        new AnthropicClient(provider.Transport.Value, modelId, id => provider.Find(id)?.MaxTokens, provider.CompatOf);

    /// <summary>Lists one model, which costs no tokens.</summary>
    public override ValueTask<ProviderHealth> CheckHealthAsync(ModelProvider provider, CancellationToken cancellationToken) =>
        provider.Transport.Value.CheckAsync("/models?limit=1", cancellationToken);
}
