using OpenClaw.Configuration;

namespace OpenClaw.Models;

/// <summary>Where a provider's requests go and what they carry, which differs by <c>api</c>.</summary>
internal sealed class ProviderRoute
{
    private const string AnthropicVersion = "2023-06-01";

    private readonly string _base;

    public ProviderRoute(ProviderSection provider)
    {
        var isAnthropic = provider.Api == "anthropic-messages";
        var url = provider.BaseUrl is { Length: > 0 } given ? given : isAnthropic ? "https://api.anthropic.com" : "https://api.openai.com/v1";
        _base = url.TrimEnd('/');
        if (isAnthropic && !_base.EndsWith("/v1", StringComparison.Ordinal))
        {
            _base += "/v1"; // Anthropic's base URLs are written both ways
        }

        var host = new Uri(_base);
        IsLoopback = host.IsLoopback;
        IsOpenAI = host.Host == "api.openai.com" || host.Host.EndsWith(".openai.azure.com", StringComparison.Ordinal);
        Headers = HeadersOf(provider, isAnthropic);
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

    /// <param name="path">Such as <c>/chat/completions</c>.</param>
    public string UrlOf(string path) => _base + path;

    private static KeyValuePair<string, string>[] HeadersOf(ProviderSection provider, bool isAnthropic)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (isAnthropic)
        {
            headers["anthropic-version"] = AnthropicVersion;
        }

        if (provider.ApiKey is { Length: > 0 } key)
        {
            var (name, value) = isAnthropic && provider.Auth != "token" ? ("x-api-key", key) : ("Authorization", "Bearer " + key);
            headers[name] = value;
        }

        foreach (var (name, value) in provider.Headers)
        {
            headers[name] = value;
        }

        return [.. headers];
    }
}
