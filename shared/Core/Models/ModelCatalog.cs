using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models.Providers;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models;

/// <summary>
/// Finds the model behind a name (D9). A configuration reload takes effect at the next look-up; the client that a run
/// already holds stays usable for half an hour. A gateway without any provider has <c>echo/echo</c>.
/// </summary>
public sealed class ModelCatalog : IDisposable
{
    private const string Echo = Providers.Echo.Id;

    /// <summary>How long a run may continue with a provider that a reload removed.</summary>
    private static readonly TimeSpan Retirement = TimeSpan.FromMinutes(30);

    private readonly GatewayConfigStore _config;
    private readonly ModelHttpOptions _options;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly HashSet<ITimer> _retiring = [];
    private volatile Snapshot _current;

    public ModelCatalog(GatewayConfigStore config, ModelHttpOptions options, ILogger<ModelCatalog> logger)
    {
        (_config, _options, _logger) = (config, options, logger);
        _current = Build(config.Current, null);
        config.Changed += Rebuild;
    }

    /// <summary>The first configured model, as <c>provider/id</c>; <c>echo/echo</c> when none is configured.</summary>
    public string DefaultReference => _current.DefaultReference;

    /// <summary>
    /// Finds a model by <c>provider/id</c> (the id may contain slashes), by an id that only one provider lists, or by
    /// <c>claude-…</c> when an Anthropic provider offers it. Null when there is none; never another model.
    /// </summary>
    public ModelTarget? Find(string reference) => _current.Find(reference) is var (provider, modelId)
        ? new ModelTarget($"{provider.Id}/{modelId}", provider.Id, modelId, provider.CreateClient(modelId), provider.Find(modelId))
        {
            CanCallTools = provider.CompatOf(modelId).SupportsTools != false,
        }
        : null;

    /// <summary>Finds an embedding model as <see cref="Find"/> does; null asks for the one in <c>memory.search</c>, which
    /// need not be in its provider's list.</summary>
    /// <exception cref="GatewayException"><c>503 provider_not_supported</c>: the provider's api has no embeddings here.</exception>
    public EmbeddingTarget? FindEmbedding(string? reference = null) => _current.FindEmbedding(reference) is var (provider, modelId)
        ? new EmbeddingTarget($"{provider.Id}/{modelId}", provider.Id, modelId, provider.CreateEmbeddings(modelId))
        : null;

    /// <summary>Every configured model, in the order of the configuration.</summary>
    public IReadOnlyList<ModelListing> List() => _current.Listings;

    /// <summary>Every configured provider with its health, in the order of the configuration. Providers with a health check are asked now,
    /// all at once, unless their last answer is recent: see <see cref="ModelHttpOptions.HealthAge"/>.</summary>
    public async Task<IReadOnlyList<ProviderListing>> ListProvidersAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_current.Providers.Values.Select(async provider =>
            new ProviderListing(provider.Id, await provider.CheckHealthAsync(cancellationToken))));

    public void Dispose()
    {
        _config.Changed -= Rebuild;
        lock (_lock)
        {
            foreach (var timer in _retiring)
            {
                timer.Dispose();
            }

            _retiring.Clear();
            foreach (var transport in _current.Transports)
            {
                Close(transport);
            }
        }
    }

    private void Rebuild(GatewayConfig config)
    {
        lock (_lock)
        {
            var old = _current;
            _current = Build(config, old);
            foreach (var transport in old.Transports.Except(_current.Transports))
            {
                Retire(transport);
            }
        }
    }

    private void Retire(Lazy<ProviderTransport> transport)
    {
        ITimer? timer = null;
        timer = _options.TimeProvider.CreateTimer(
            _ =>
            {
                Close(transport);
                lock (_lock)
                {
                    _retiring.Remove(timer!);
                    timer!.Dispose();
                }
            },
            null,
            Retirement,
            Timeout.InfiniteTimeSpan);
        _retiring.Add(timer);
    }

    private static void Close(Lazy<ProviderTransport> transport)
    {
        if (transport.IsValueCreated)
        {
            transport.Value.Dispose();
        }
    }

    private Snapshot Build(GatewayConfig config, Snapshot? old)
    {
        var sections = config.Models.Providers.Count > 0
            ? config.Models.Providers
            : new Dictionary<string, ProviderSection> { [Echo] = Providers.Echo.CreateSection() };
        var providers = new OrderedDictionary<string, ModelProvider>();
        foreach (var (id, section) in sections)
        {
            var known = old?.Providers.GetValueOrDefault(id);
            var api = ProviderApis.Find(section.Api);
            var transport = known?.IsSameRoute(section) == true
                ? known.Transport
                : new Lazy<ProviderTransport>(() => new ProviderTransport(id, api!, section, _options, _logger)); // no api, no call
            providers[id] = new ModelProvider(id, section, api, transport, config.Models.MaxAnswerChars);
        }

        return new Snapshot(config, providers);
    }

    private sealed class Snapshot(GatewayConfig config, OrderedDictionary<string, ModelProvider> providers)
    {
        public OrderedDictionary<string, ModelProvider> Providers => providers;

        public IEnumerable<Lazy<ProviderTransport>> Transports => providers.Values.Select(provider => provider.Transport);

        public IReadOnlyList<ModelListing> Listings { get; } =
            [
                ..
                from provider in providers.Values
                from model in provider.Section.Models
                select new ModelListing($"{provider.Id}/{model.Id}", provider.Id, model),
            ];

        public string DefaultReference => Listings is [var first, ..] ? first.Reference : $"{Echo}/{Echo}";

        public (ModelProvider Provider, string ModelId)? Find(string reference)
        {
            if (!ModelName.IsSafe(reference))
            {
                return null;
            }

            var slash = reference.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && slash < reference.Length - 1 && providers.TryGetValue(reference[..slash], out var named))
            {
                var modelId = reference[(slash + 1)..];
                return named.Offers(modelId) ? (named, modelId) : null;
            }

            var listing = providers.Values.Where(provider => provider.Find(reference) is not null).Take(2).ToList();
            if (listing.Count > 0)
            {
                return listing.Count == 1 ? (listing[0], reference) : null;
            }

            var maker = ProviderApis.MakerOf(reference);
            var own = maker is null
                ? null
                : providers.Values.FirstOrDefault(
                    provider => (provider.Api == maker || provider.Id == maker.MakerId) && provider.Offers(reference));
            return own is null ? null : (own, reference);
        }

        public (ModelProvider Provider, string ModelId)? FindEmbedding(string? reference)
        {
            var search = config.Memory.Search;
            var isConfigured = search is { Provider: not null, Model: not null };
            reference ??= isConfigured ? $"{search.Provider}/{search.Model}" : null;
            if (isConfigured && (reference == $"{search.Provider}/{search.Model}" || reference == search.Model)
                && providers.TryGetValue(search.Provider!, out var provider))
            {
                return (provider, search.Model!);
            }

            return Find(reference ?? $"{Echo}/{Echo}");
        }
    }
}
