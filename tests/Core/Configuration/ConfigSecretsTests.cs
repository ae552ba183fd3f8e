using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

public class ConfigSecretsTests
{
    [Fact]
    public void Every_secret_value_is_listed_once()
    {
        var config = TestConfig.Parse("""
            {
              gateway: {auth: {mode: 'token', token: 's-token', password: 's-password', trustedProxy: {secretHeader: 'x-s', secret: 's-proxy'}}},
              models: {providers: {a: {apiKey: 's-api', headers: {'x-a': 's-header'}}, b: {apiKey: 's-api', baseUrl: 'https://b.example.com'}}},
              channels: {
                telegram: {enabled: true, botToken: '1:s-bot', webhookSecret: 's-webhook', allowFrom: ['123'],
                  accounts: {x: {botToken: {source: 'env', id: 'NESTED'}}}},
                discord: {enabled: false, publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'},
                slack: {botToken: 's-slack-bot'},
                webhook: {enabled: false, headers: {'x-a': 's-hook-header'}},
              },
              hooks: {path: '/hooks', token: 's-hook', defaultSessionKey: 'hook:x', callbackSecret: 's-callback',
                mappings: [{id: 'a', signature: {scheme: 'github', secret: 's-signed'}}]},
              cron: {webhookToken: 's-cron'},
            }
            """, new Dictionary<string, string> { ["OPENCLAW__channels__slack__signingSecret"] = "s-slack", ["NESTED"] = "2:s-nested" }).Config!;

        Assert.Equal(
            ["1:s-bot", "2:s-nested", "s-api", "s-callback", "s-cron", "s-header", "s-hook", "s-hook-header", "s-password", "s-proxy", "s-signed",
                "s-slack", "s-slack-bot", "s-token", "s-webhook"],
            ConfigSecrets.Of(config).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Defaults_hold_no_secret() => Assert.Empty(ConfigSecrets.Of(new GatewayConfig()));
}
