using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>A file of the original OpenClaw loads as it is; what has no effect here says so once.</summary>
public class OriginalConfigTests
{
    private const string Original = """
        // ~/.openclaw/openclaw.json
        {
          $schema: "https://example.com/schema.json",
          meta: { lastTouchedVersion: "2026.9.1" },
          wizard: { lastRunMode: "local" },
          env: { vars: { OPENROUTER_API_KEY: "sk-or-1" }, shellEnv: { enabled: true, timeoutMs: 15000 } },
          auth: { profiles: { "anthropic:work": { provider: "anthropic", mode: "api_key" } } },
          logging: { level: "info" },
          session: { dmScope: "per-channel-peer" },
          tools: { profile: "coding", deny: ["browser"] },
          bindings: [{ agentId: "home", match: { channel: "telegram" } }],
          agents: {
            defaults: {
              workspace: "~/.openclaw/workspace",
              model: { primary: "openrouter/auto", fallbacks: ["local/llama"] },
              models: { "openrouter/auto": { alias: "auto" } },
              heartbeat: { every: "30m" },
              timeoutSeconds: 600,
              sandbox: { mode: "non-main" },
            },
            list: [
              { id: "home", default: true, workspace: "~/home", identity: { name: "Molty" }, model: "local/llama" },
              { id: "work", name: "Work", workspace: "~/work", tools: { allow: ["read"] } },
            ],
          },
          models: {
            mode: "merge",
            providers: {
              openrouter: { baseUrl: "https://openrouter.ai/api/v1", apiKey: "${OPENROUTER_API_KEY}", api: "openai-completions", models: [] },
              local: {
                baseUrl: "http://127.0.0.1:1234/v1", apiKey: "lmstudio", auth: "api-key", api: "openai-responses",
                headers: { "X-Region": "us-west" }, timeoutSeconds: 300,
                models: [{
                  id: "llama", name: "Llama", reasoning: false, input: ["text"], contextWindow: 128000, contextTokens: 96000, maxTokens: 32000,
                  cost: { input: 0, output: 0.5, cacheRead: 0, cacheWrite: 0 }, compat: { supportsStore: false },
                }],
              },
              ollama: { baseUrl: "http://127.0.0.1:11434", api: "ollama", models: [] },
            },
          },
          channels: { telegram: { enabled: true, botToken: "123:abc", webhookSecret: "s", linkPreview: true, allowFrom: ["123456789"], groups: { "*": { requireMention: true } } } },
          hooks: { enabled: true, path: "/hooks", token: "hook-secret", mappings: [{ id: "gmail", messageTemplate: "{{messages[0].from}}" }] },
          gateway: {
            mode: "local", port: 18789, bind: "auto", publicOrigin: "https://gw.example.com",
            auth: { mode: "token", token: "gateway-token", allowTailscale: true },
            tailscale: { mode: "off" }, remote: { url: "ws://127.0.0.1:18789" }, reload: { mode: "hybrid" },
            controlUi: { enabled: true }, trustedProxies: ["10.0.0.1"], tools: { deny: ["browser"] },
            http: { endpoints: { chatCompletions: { enabled: true } }, securityHeaders: { strictTransportSecurity: false } },
          },
          memory: { citations: "auto", search: { provider: "openai", model: "text-embedding-3-small", query: { maxResults: 5 } } },
          plugins: { entries: {} }, skills: { entries: {} }, cron: { enabled: true }, messages: {}, commands: {}, talk: {}, ui: {},
          browser: { enabled: false }, discovery: {}, canvasHost: { port: 18793 }, agent: { workspace: "~" },
        }
        """;

    [Fact]
    public void Keys_of_both_systems_take_effect()
    {
        var result = TestConfig.Parse(Original);

        Assert.Empty(result.Errors);
        var config = result.Config!;
        Assert.Equal(("loopback", "https://gw.example.com", 18789), (config.Gateway.Bind, config.Gateway.PublicUrl, config.Gateway.Port));
        Assert.Equal(("token", "gateway-token"), (config.Gateway.Auth.Mode, config.Gateway.Auth.Token));
        Assert.Equal(["openrouter", "local"], config.Models.Providers.Keys);
        Assert.Equal("sk-or-1", config.Models.Providers["openrouter"].ApiKey);
        var local = config.Models.Providers["local"];
        Assert.Equal(("openai-responses", "api-key", "us-west"), (local.Api, local.Auth, local.Headers["x-region"]));
        var model = Assert.Single(local.Models);
        Assert.Equal(("llama", "Llama", 128_000, 32_000, 0.5m), (
            model.Id, model.Name, model.ContextWindow, model.MaxTokens, model.Cost!.Output));
        Assert.Equal("openrouter/auto", config.Agents.Defaults.Model!.Primary);
        Assert.Equal(["local/llama"], config.Agents.Defaults.Model.Fallbacks);
        Assert.Equal(600, config.Agents.Defaults.TimeoutSeconds);
        Assert.Equal(["home", "work"], config.Agents.Entries.Keys);
        Assert.Equal((true, "local/llama"), (config.Agents.Entries["home"].Default, config.Agents.Entries["home"].Model!.Primary));
        Assert.Equal(("openai", "text-embedding-3-small"), (config.Memory.Search.Provider, config.Memory.Search.Model));
        Assert.Equal("hook-secret", config.Hooks.Token);
        var telegram = Assert.Single(config.Channels.All()).Value;
        Assert.Equal(("123:abc", "/telegram-webhook", "pairing"), (
            config.Channels.Telegram!.BotToken, telegram.WebhookPath, telegram.DmPolicy));
        Assert.Equal(["123456789"], telegram.AllowFrom);
        Assert.True(telegram.Groups!["*"].RequireMention);
        Assert.Equal(("home", "telegram"), (config.Bindings[0].AgentId, config.Bindings[0].Match.Channel));
        Assert.Equal("per-channel-peer", config.Session.DmScope);
        Assert.Equal("coding", config.Tools.Rules.Profile);
        Assert.Equal(["browser"], config.Tools.Rules.Deny);
        Assert.Equal(["read"], config.Agents.Entries["work"].Tools.Rules.Allow);
        Assert.Equal(["browser"], config.Gateway.Tools.Deny);
    }

    [Fact]
    public void Each_key_without_effect_is_reported_once()
    {
        var warnings = TestConfig.Parse(Original).Warnings;

        Assert.Equal(
            [
                "agent", "agents.defaults.models", "agents.defaults.sandbox", "agents.defaults.workspace",
                "agents.list[0].identity", "agents.list[0].workspace", "auth", "browser", "canvasHost",
                "channels.telegram.linkPreview", "commands", "discovery", "env.shellEnv", "gateway.auth.allowTailscale", "gateway.bind", "gateway.controlUi",
                "gateway.http.securityHeaders",
                "gateway.mode", "gateway.reload", "gateway.remote", "gateway.tailscale", "logging", "memory.citations",
                "memory.search.query", "messages", "meta", "models.providers.local.models[0].compat.supportsStore",
                "models.providers.local.models[0].contextTokens", "models.providers.local.timeoutSeconds", "models.providers.ollama.api",
                "plugins", "skills", "talk", "ui", "wizard",
            ],
            warnings.Select(warning => warning.Path).Order(StringComparer.Ordinal));
        Assert.All(warnings, warning => Assert.True(warning.Line > 0));
    }

    [Fact]
    public void A_restriction_that_is_not_enforced_is_called_that()
    {
        var warnings = TestConfig.Parse(Original).Warnings.Where(warning => warning.Message.Contains("does not enforce it")).Select(
            w => w.Path);

        Assert.Equal(["agents.defaults.sandbox"], warnings.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Entries_by_id_are_the_newer_form_of_the_list()
    {
        var config = TestConfig.Parse("{agents: {entries: {a: {default: true}, b: {model: {primary: 'x/y'}, default: true}}}}").Config!;

        Assert.Equal([true, false], config.Agents.Entries.Values.Select(agent => agent.Default));
        Assert.Equal("x/y", config.Agents.Entries["b"].Model!.Primary);
    }

    [Theory]
    [InlineData("tailnet", "loopback")]
    [InlineData("custom", "10.1.2.3")]
    [InlineData("lan", "lan")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    public void Its_bind_modes_are_understood(string mode, string bind) =>
        Assert.Equal(bind, TestConfig.Parse($"{{gateway: {{bind: '{mode}', customBindHost: '10.1.2.3'}}}}").Config!.Gateway.Bind);

    [Theory]
    [InlineData("openai", "openai-completions")]
    [InlineData("azure-openai-responses", "azure-openai")]
    [InlineData("anthropic-messages", "anthropic-messages")]
    public void Its_provider_protocols_are_understood(string api, string here) =>
        Assert.Equal(here, TestConfig.Parse(
            $"{{models: {{providers: {{p: {{api: '{api}', baseUrl: 'https://p.example'}}}}}}}}").Config!.Models.Providers["p"].Api);
}
