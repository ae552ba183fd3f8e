using System.Net;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.RestApi;

public class RestApiStatusTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F76")]
    public async Task Detailed_health_shows_providers_by_their_last_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Models.Providers = new Dictionary<string, ProviderSection>
            {
                ["mock"] = upstream.ProviderConfig(),
                ["echo"] = new() { Api = "echo" },
                ["odd"] = new() { Api = "no-such-api" },
            });
        var before = await HealthAsync(gateway);
        using var good = await gateway.PostChatAsync(Chat);
        var after = await HealthAsync(gateway);
        upstream.NextStatus(401);
        using var refused = await gateway.PostChatAsync(Chat);
        var locked = await HealthAsync(gateway);

        Assert.Equal(("ok", "configured", "connected", "unsupported"), (before.Status, before.Mock, before.Echo, before.Odd));
        Assert.Equal(("ok", "connected"), (after.Status, after.Mock));
        Assert.Equal(("degraded", "unauthorized"), (locked.Status, locked.Mock));
    }

    [Theory]
    [Trait("Feature", "F76")]
    [InlineData("anthropic-messages", 200, "ok", "connected")]
    [InlineData("anthropic-messages", 401, "degraded", "unauthorized")]
    [InlineData("anthropic-messages", 503, "degraded", "unreachable")]
    [InlineData("azure-openai", 200, "ok", "connected")]
    [InlineData("azure-openai", 401, "degraded", "unauthorized")]
    [InlineData("azure-openai", 503, "degraded", "unreachable")]
    public async Task Detailed_health_asks_anthropic_and_azure_openai(string api, int status, string overall, string word)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.NextStatus(status);
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Models.Providers = new Dictionary<string, ProviderSection>
            {
                ["claude"] = upstream.ProviderConfig(api),
            });
        using var answer = await gateway.Client.GetAsync("/health/detailed");
        var body = await answer.ReadJsonAsync();

        Assert.Equal(overall, body.GetProperty("status").GetString());
        Assert.Equal(word, body.GetProperty("providers").GetProperty("claude").GetString());
        Assert.Equal("GET", Assert.Single(upstream.Requests).Method);
    }

    [Fact]
    [Trait("Feature", "F76")]
    public async Task Detailed_health_has_channels_memory_uptime_and_version()
    {
        var channels = TestConfig.Parse("""
            { channels: { telegram: { botToken: "1:x", webhookSecret: "s" }, discord: { enabled: false }, signal: {} } }
            """);
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c => c.Channels = channels.Config!.Channels);
        using var answer = await gateway.Client.GetAsync("/health/detailed");
        var body = await answer.ReadJsonAsync();

        Assert.Equal("active", body.GetProperty("channels").GetProperty("telegram").GetString());
        Assert.Equal("disabled", body.GetProperty("channels").GetProperty("discord").GetString());
        Assert.Equal("unavailable", body.GetProperty("channels").GetProperty("signal").GetString());
        Assert.Matches("^[1-9][0-9]*MB$", body.GetProperty("memory").GetProperty("used").GetString());
        Assert.Matches("^[1-9][0-9]*MB$", body.GetProperty("memory").GetProperty("total").GetString());
        Assert.True(body.GetProperty("uptime").GetInt64() >= 0);
        Assert.Matches(@"^\d+\.\d+\.\d+$", body.GetProperty("version").GetString());
        var list = (await gateway.GetDataAsync("/api/channels")).GetProperty("channels").EnumerateArray()
            .Select(c => $"{c.GetProperty("name")} {c.GetProperty("enabled")} {c.GetProperty("status")}");
        Assert.Equal(["telegram True active", "discord False disabled", "signal True unavailable"], list);
    }

    [Fact]
    [Trait("Feature", "F76")]
    [Trait("Feature", "D12")]
    public async Task Detailed_health_is_not_for_strangers()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var answer = await gateway.Client.GetAsync("/health/detailed");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    [Trait("Feature", "F79")]
    public async Task Models_are_agents_then_configured_models_with_their_sizes()
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c => c.Models.Providers = new Dictionary<string, ProviderSection>
        {
            ["openai"] = new() { Models = [new ModelSection { Id = "gpt", Name = "GPT", ContextWindow = 1000, MaxTokens = 100 }] },
        });
        var data = await gateway.GetDataAsync("/api/models");
        var models = data.GetProperty("models");

        Assert.Equal("openai/gpt", data.GetProperty("default").GetString());
        Assert.Equal(["openclaw/main", "openai/gpt"], models.EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.Equal(1000, models[1].GetProperty("contextWindow").GetInt32());
    }

    private const string Chat = """{"model":"mock/m","messages":[{"role":"user","content":"hi"}]}""";

    private static async Task<(string? Status, string? Mock, string? Echo, string? Odd)> HealthAsync(GatewayHost gateway)
    {
        using var answer = await gateway.Client.GetAsync("/health/detailed");
        var body = await answer.ReadJsonAsync();
        var providers = body.GetProperty("providers");
        return (body.GetProperty("status").GetString(), providers.GetProperty("mock").GetString(), providers.GetProperty(
            "echo").GetString(), providers.GetProperty("odd").GetString());
    }
}
