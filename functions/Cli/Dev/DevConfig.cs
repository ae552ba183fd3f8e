using OpenClaw.Configuration;
using OpenClaw.Security;

namespace OpenClaw.Functions.Cli.Dev;

/// <summary>Fills in what a first try needs and the user's configuration leaves out.</summary>
public static class DevConfig
{
    /// <param name="read">Reads an environment variable.</param>
    /// <param name="token">Makes or reads the token; only called when no credentials are configured.</param>
    public static void Complete(GatewayConfig config, Func<string, string?> read, Func<string> token)
    {
        if (new AuthSettings(config).Mode == AuthMode.Unconfigured)
        {
            config.Gateway.Auth.Token = token();
        }

        config.Gateway.Http.Endpoints.ChatCompletions.Enabled = true;
        config.Gateway.Http.Endpoints.Responses.Enabled = true;
        config.Gateway.Http.Endpoints.Messages.Enabled = true;
        config.Gateway.Http.Endpoints.Mcp.Enabled = true;
        if (config.Models.Providers.Count == 0)
        {
            AddProviders(config, read);
        }
    }

    /// <summary>The providers whose keys the environment holds, with a model to begin with; none leaves the built-in echo model.</summary>
    private static void AddProviders(GatewayConfig config, Func<string, string?> read)
    {
        var providers = new Dictionary<string, ProviderSection>(StringComparer.Ordinal);
        string? primary = null;
        var (key, baseUrl) = (Text(read, EnvironmentVariables.OpenAiKey), Text(read, EnvironmentVariables.OpenAiBaseUrl));
        if (key is not null || baseUrl is not null)
        {
            providers["openai"] = new ProviderSection { BaseUrl = baseUrl, ApiKey = key };
            primary = "openai/" + (Text(read, EnvironmentVariables.OpenAiModel) ?? "gpt-4o-mini");
        }

        if (Text(read, EnvironmentVariables.AnthropicKey) is { } anthropic)
        {
            providers["anthropic"] = new ProviderSection { Api = "anthropic-messages", ApiKey = anthropic };
            primary ??= "anthropic/" + (Text(read, EnvironmentVariables.AnthropicModel) ?? "claude-sonnet-4-5");
        }

        config.Models.Providers = providers;
        if (primary is not null)
        {
            config.Agents.Defaults.Model ??= new AgentModelSection { Primary = primary };
        }
    }

    private static string? Text(Func<string, string?> read, string name) =>
        read(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
