using Microsoft.Extensions.AI;
using OpenClaw.Configuration;

namespace OpenClaw.Models.Providers;

/// <summary>
/// The API that a provider speaks: its address, credentials, clients and health check. To add one, derive a class and add a line to
/// <see cref="ProviderApis"/>; its errors go into <see cref="Upstream.UpstreamErrorTable"/>. Instances hold no state.
/// </summary>
internal abstract class ProviderApi : ProviderRules
{
    /// <summary>The base URL when the configuration names none; null when it must.</summary>
    public virtual string? DefaultUrl => null;

    /// <summary>The header of an API key. <c>Authorization</c> carries it as a bearer token, any other header as it is.</summary>
    public virtual string KeyHeader => "Authorization";

    /// <summary>Sent with every request; not secret.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> FixedHeaders => [];

    /// <summary>What the ids of the maker's models begin with. Such an id is found without a provider before it.</summary>
    public virtual string? ModelPrefix => null;

    /// <summary>A provider with this id also offers the models of <see cref="ModelPrefix"/>, whatever its API.</summary>
    public virtual string? MakerId => null;

    /// <summary>The base URL without a slash at its end. It is configured with and without its fixed end: both mean the same.</summary>
    public virtual string BaseUrlOf(ProviderSection provider) => UrlOf(provider);

    /// <summary>The address of an operation on one model.</summary>
    /// <param name="baseUrl">As <see cref="BaseUrlOf"/> gives it.</param>
    /// <param name="path">Such as <c>/chat/completions</c>.</param>
    public virtual string ModelUrl(string baseUrl, ProviderSection provider, string path, string model) => baseUrl + path;

    /// <summary>The address of an operation on the provider as a whole.</summary>
    /// <inheritdoc cref="ModelUrl"/>
    public virtual string ServiceUrl(string baseUrl, ProviderSection provider, string path) => baseUrl + path;

    /// <summary>A chat client bound to one model.</summary>
    public abstract IChatClient CreateClient(ModelProvider provider, string modelId);

    /// <summary>An embedding client bound to one model; null when this API has no embeddings here.</summary>
    public virtual IEmbeddingGenerator<string, Embedding<float>>? CreateEmbeddings(ModelProvider provider, string modelId) => null;

    /// <summary>Whether the provider works. An API without a cheap request that all its servers answer gives the outcome
    /// of the last call.</summary>
    public virtual ValueTask<ProviderHealth> CheckHealthAsync(ModelProvider provider, CancellationToken cancellationToken) =>
        ValueTask.FromResult(provider.LastHealth);

    protected string UrlOf(ProviderSection provider) => provider.BaseUrl?.TrimEnd('/') is { Length: > 0 } given ? given
        : DefaultUrl ?? throw new InvalidOperationException($"A provider of the api '{Name}' needs a base URL.");

    /// <summary>Appends the fixed end of a URL where it is missing.</summary>
    protected static string WithEnd(string url, string end) => url.EndsWith(end, StringComparison.Ordinal) ? url : url + end;
}
