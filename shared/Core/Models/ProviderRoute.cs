using OpenClaw.Configuration;
using OpenClaw.Models.Providers;

namespace OpenClaw.Models;

/// <summary>The addresses of a provider's requests and the headers they carry.</summary>
internal sealed class ProviderRoute
{
    private readonly ProviderApi _api;
    private readonly ProviderSection _provider;
    private readonly string _base;

    public ProviderRoute(ProviderApi api, ProviderSection provider)
    {
        (_api, _provider, _base) = (api, provider, api.BaseUrlOf(provider));
        var host = new Uri(_base);
        (Host, IsLoopback) = (host.Host, host.IsLoopback);
        Headers = HeadersOf(api, provider);
        Secrets = [.. Headers.Where(header => api.FixedHeaders.All(open => open.Key != header.Key)).Select(header => header.Value)
            .Append(provider.ApiKey ?? "").Where(value => value.Length >= 4)];
    }

    public string Host { get; }

    public bool IsLoopback { get; }

    /// <summary>A configured header replaces ours of the same name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Texts that no log may show.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <inheritdoc cref="ProviderApi.ModelUrl"/>
    public string ModelUrl(string path, string model) => _api.ModelUrl(_base, _provider, path, model);

    /// <inheritdoc cref="ProviderApi.ServiceUrl"/>
    public string ServiceUrl(string path) => _api.ServiceUrl(_base, _provider, path);

    private static KeyValuePair<string, string>[] HeadersOf(ProviderApi api, ProviderSection provider)
    {
        var headers = new Dictionary<string, string>(api.FixedHeaders, StringComparer.OrdinalIgnoreCase);
        if (provider.ApiKey is { Length: > 0 } key && provider.Auth != "managed-identity")
        {
            var name = provider.Auth == "token" ? "Authorization" : api.KeyHeader;
            headers[name] = name == "Authorization" ? "Bearer " + key : key;
        }

        foreach (var (name, value) in provider.Headers)
        {
            headers[name] = value;
        }

        return [.. headers];
    }
}
