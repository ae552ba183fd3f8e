using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models.Anthropic;
using OpenClaw.Models.Completions;
using OpenClaw.Models.Echo;
using OpenClaw.Models.Responses;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models;

/// <summary>A configured provider.</summary>
/// <param name="transport">Its connections, which come into being with its first call.</param>
internal sealed class ModelProvider(string id, ProviderSection section, Lazy<ProviderTransport> transport)
{
    public string Id => id;

    public ProviderSection Section => section;

    public Lazy<ProviderTransport> Transport => transport;

    /// <summary>The place to add a provider's api: one case here, one client file.</summary>
    public IChatClient CreateClient(string modelId) => section.Api switch
    {
        "echo" => new EchoChatClient(modelId),
        "openai-completions" or "azure-openai" => new CompletionsClient(transport.Value, modelId),
        "openai-responses" => new ResponsesClient(transport.Value, modelId),
        "anthropic-messages" => new AnthropicClient(transport.Value, modelId, id => Find(id)?.MaxTokens),
        _ => throw new GatewayException(GatewayError.ProviderNotSupported(section.Api)),
    };

    /// <inheritdoc cref="CreateClient"/>
    /// <exception cref="GatewayException"><c>provider_not_supported</c>.</exception>
    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(string modelId) => section.Api switch
    {
        "echo" => new EchoEmbeddings(modelId),
        "openai-completions" or "openai-responses" or "azure-openai" => new EmbeddingClient(transport.Value, modelId),
        _ => throw new GatewayException(GatewayError.ProviderNotSupported(section.Api)),
    };

    public ProviderHealth Health => section.Api switch
    {
        "echo" => ProviderHealth.Connected,
        "openai-completions" or "openai-responses" => transport.IsValueCreated ? transport.Value.Health : ProviderHealth.Configured,
        _ => ProviderHealth.Unsupported,
    };

    public ModelSection? Find(string modelId) => section.Models.FirstOrDefault(model => model.Id == modelId);

    /// <summary>Listed, or the provider lists nothing and passes any id through.</summary>
    public bool Offers(string modelId) => section.Models.Count == 0 || Find(modelId) is not null;

    /// <summary>True when calls would go the same way, so that connections, budget and breaker live on.</summary>
    public bool IsSameRoute(ProviderSection other) =>
        (section.Api, section.BaseUrl, section.ApiKey, section.Auth, section.ApiVersion, section.ClientId, section.HedgeAfterMs)
            == (other.Api, other.BaseUrl, other.ApiKey, other.Auth, other.ApiVersion, other.ClientId, other.HedgeAfterMs)
        && section.Headers.Count == other.Headers.Count
        && section.Headers.All(header => other.Headers.TryGetValue(header.Key, out var value) && value == header.Value);
}
