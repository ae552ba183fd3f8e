using OpenClaw.Configuration.Channels;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration;

/// <summary>Knows which values of a configuration are secret.</summary>
public static class ConfigSecrets
{
    /// <summary>
    /// All secret values, for a redactor: gateway token and password, the proxy's secret, API keys and header values of providers,
    /// secrets of hooks and schedules, headers and environment of MCP servers, and strings of <c>channels</c> whose key says so. Each once; never blank.
    /// </summary>
    public static IEnumerable<string> Of(GatewayConfig config)
    {
        var auth = config.Gateway.Auth;
        return new[] { auth.Token, auth.Password, auth.TrustedProxy?.Secret, config.Gateway.Realtime.Upstream.Secret }
            .Concat(config.Models.Providers.Values.SelectMany(provider => provider.Headers.Values.Append(provider.ApiKey)))
            .Concat(config.Channels.All().SelectMany(channel => channel.Value.Accounts.Values.Prepend(channel.Value)).SelectMany(SecretsOf))
            .Concat(In(config.Channels.Written, isSecret: false))
            .Concat([config.Hooks.Token, config.Hooks.CallbackSecret, config.Cron.WebhookToken])
            .Concat(config.Hooks.Mappings.Select(mapping => mapping.Signature?.Secret))
            .Concat(config.Mcp.Servers.Values.SelectMany(server => server.Headers.Values.Concat(server.Env.Values)))
            .OfType<string>()
            .Where(value => !string.IsNullOrWhiteSpace(value))
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>Whether a key names a secret. Session and public keys are none.</summary>
    public static bool IsSecretKey(string key) =>
        Contains(key, "token") || Contains(key, "secret") || Contains(key, "password") || Contains(key, "apikey")
        || (key.EndsWith("key", StringComparison.OrdinalIgnoreCase) && !Contains(key, "session") && !Contains(key, "public"));

    /// <summary>Values from references to the environment are not in the text of the document.</summary>
    private static IEnumerable<string?> SecretsOf(ChannelSection channel) =>
        channel.Required.Where(entry => IsSecretKey(entry.Key)).Select(entry => entry.Value)
            .Concat(channel is WebhookSection webhook ? webhook.Headers.Values : []);

    private static IEnumerable<string> In(ConfigNode? node, bool isSecret) => node?.Kind switch
    {
        ConfigNodeKind.Map when isSecret && node.Find("source") is not null && node.Find("id") is not null => [], // only names it
        ConfigNodeKind.Map => node.Members.SelectMany(member => In(member.Value, isSecret || IsSecretKey(member.Key))),
        ConfigNodeKind.List => node.Items.SelectMany(item => In(item, isSecret)),
        ConfigNodeKind.Text or ConfigNodeKind.Untyped when isSecret => [node.Text],
        _ => [],
    };

    private static bool Contains(string key, string word) => key.Contains(word, StringComparison.OrdinalIgnoreCase);
}
