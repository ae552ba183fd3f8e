using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models.Providers;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models;

/// <summary>A configured provider.</summary>
/// <param name="api">Null when there is none of the configured name.</param>
/// <param name="transport">Its connections, created by its first call.</param>
/// <param name="maxAnswerChars">As in <see cref="ModelsSection.MaxAnswerChars"/>.</param>
internal sealed class ModelProvider(
    string id, ProviderSection section, ProviderApi? api, Lazy<ProviderTransport> transport, int maxAnswerChars)
{
    public string Id => id;

    public ProviderSection Section => section;

    public ProviderApi? Api => api;

    public Lazy<ProviderTransport> Transport => transport;

    public int MaxAnswerChars => maxAnswerChars;

    /// <summary>How its last call went.</summary>
    public ProviderHealth LastHealth => transport.IsValueCreated ? transport.Value.Health : ProviderHealth.Configured;

    /// <exception cref="GatewayException"><c>provider_not_supported</c>.</exception>
    public IChatClient CreateClient(string modelId) => api?.CreateClient(this, modelId) ?? throw NotSupported();

    /// <inheritdoc cref="CreateClient"/>
    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(string modelId) =>
        api?.CreateEmbeddings(this, modelId) ?? throw NotSupported();

    /// <inheritdoc cref="ProviderApi.CheckHealthAsync"/>
    public async Task<ProviderHealth> CheckHealthAsync(CancellationToken cancellationToken) =>
        api is null ? ProviderHealth.Unsupported : await api.CheckHealthAsync(this, cancellationToken);

    public ModelSection? Find(string modelId) => section.Models.FirstOrDefault(model => model.Id == modelId);

    /// <summary>What the servers of a model accept and require, as far as it is configured.</summary>
    public CompatSection CompatOf(string modelId) => Find(modelId)?.Compat?.Over(section.Compat) ?? section.Compat;

    /// <summary>Listed, or the provider lists nothing and passes any id through.</summary>
    public bool Offers(string modelId) => section.Models.Count == 0 || Find(modelId) is not null;

    /// <summary>True when calls would go the same way, so that connections, retry budget and circuit breaker are kept.</summary>
    public bool IsSameRoute(ProviderSection other) =>
        (section.Api, section.BaseUrl, section.ApiKey, section.Auth, section.ApiVersion, section.ClientId, section.HedgeAfterMs)
            == (other.Api, other.BaseUrl, other.ApiKey, other.Auth, other.ApiVersion, other.ClientId, other.HedgeAfterMs)
        && section.Headers.Count == other.Headers.Count
        && section.Headers.All(header => other.Headers.TryGetValue(header.Key, out var value) && value == header.Value);

    private GatewayException NotSupported() => new(GatewayError.ProviderNotSupported(section.Api));
}
