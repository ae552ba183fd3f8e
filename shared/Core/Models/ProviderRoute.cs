using OpenClaw.Configuration;

namespace OpenClaw.Models;

/// <summary>Where a provider's requests go and what they carry, which differs by <c>api</c>.</summary>
internal sealed class ProviderRoute
{
    private const string AnthropicVersion = "2023-06-01";

    private readonly string _base;
    private readonly string? _deploymentVersion;

    public ProviderRoute(ProviderSection provider)
    {
        _deploymentVersion = provider.Api == "azure-openai" ? provider.ApiVersion : null;
        _base = BaseOf(provider);
        var host = new Uri(_base);
        IsLoopback = host.IsLoopback;
        IsOpenAI = provider.Api == "azure-openai" || host.Host == "api.openai.com" || host.Host.EndsWith(".openai.azure.com", StringComparison.Ordinal);
        Headers = HeadersOf(provider);
        Secrets = [.. Headers.Where(header => header.Key != "anthropic-version").Select(header => header.Value)
            .Append(provider.ApiKey ?? "").Where(value => value.Length >= 4)];
    }

    public bool IsLoopback { get; }

    /// <summary>OpenAI itself, or Azure's copy of it: it knows fields and roles that compatible servers refuse.</summary>
    public bool IsOpenAI { get; }

    /// <summary>The configured headers replace ours.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>What no log may show.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <summary>Where to post. On Azure with an <c>apiVersion</c> the model is the name of a deployment and part of the path.</summary>
    /// <param name="path">Such as <c>/chat/completions</c>.</param>
    public string UrlOf(string path, string model) => _deploymentVersion is null
        ? _base + path
        : $"{_base}/deployments/{Uri.EscapeDataString(model)}{path}?api-version={_deploymentVersion}";

    // Base URLs are written with and without their fixed end: both mean the same.
    private static string BaseOf(ProviderSection provider)
    {
        var url = provider.BaseUrl?.TrimEnd('/') is { Length: > 0 } given ? given : null;
        switch (provider.Api)
        {
            case "anthropic-messages":
                return WithEnd(url ?? "https://api.anthropic.com", "/v1");
            case "azure-openai":
                var resource = url ?? throw new InvalidOperationException("An Azure OpenAI provider needs a base URL.");
                resource = WithEnd(resource.EndsWith("/openai/v1", StringComparison.Ordinal) ? resource[..^3] : resource, "/openai");
                return provider.ApiVersion is null ? resource + "/v1" : resource;
            default:
                return url ?? "https://api.openai.com/v1";
        }
    }

    private static string WithEnd(string url, string end) => url.EndsWith(end, StringComparison.Ordinal) ? url : url + end;

    private static KeyValuePair<string, string>[] HeadersOf(ProviderSection provider)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (provider.Api == "anthropic-messages")
        {
            headers["anthropic-version"] = AnthropicVersion;
        }

        if (provider.ApiKey is { Length: > 0 } key && provider.Auth != "managed-identity")
        {
            var name = provider.Auth == "token" ? "Authorization" : provider.Api switch
            {
                "anthropic-messages" => "x-api-key",
                "azure-openai" => "api-key",
                _ => "Authorization",
            };
            headers[name] = name == "Authorization" ? "Bearer " + key : key;
        }

        foreach (var (name, value) in provider.Headers)
        {
            headers[name] = value;
        }

        return [.. headers];
    }
}
