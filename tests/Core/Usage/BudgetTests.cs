using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Usage;

/// <summary>Spending caps and token budgets stop the next model call. A run of these tests uses 5 tokens and 3 + 2 = 5 dollars.</summary>
public class BudgetTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 3, 31, 22, 0, 0, TimeSpan.Zero));
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    [Trait("Feature", "F30")]
    public async Task A_keys_daily_cap_is_402_without_a_model_call_until_the_next_day()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var (_, key) = await gateway.CreateKeyAsync("""{"name":"x","scopes":["operator.write"],"budget":{"dailyUsd":10}}""");
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(key)).Status);

        Assert.Equal((HttpStatusCode.PaymentRequired, "budget_exceeded"), await gateway.ChatAsync(key));
        Assert.Equal(2, upstream.Requests.Count);
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(GatewayHost.Token)).Status);
        using var stream = await gateway.PostChatAsync(
            """{"model":"openclaw","stream":true,"messages":[{"role":"user","content":"hi"}]}""", r => r.Use(key));
        Assert.Equal(HttpStatusCode.PaymentRequired, stream.StatusCode);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(key)).Status);
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task A_token_budget_is_429_with_the_time_to_the_end_of_its_window()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, daily: new BudgetSection { DailyTokens = 5 });
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(GatewayHost.Token)).Status);
        using var refused = await gateway.PostChatAsync(ApiKeyGateway.Chat);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("token_budget_exceeded", (await refused.ReadErrorAsync()).Code);
        Assert.Equal(TimeSpan.FromHours(2), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(GatewayHost.Token, ("x-openclaw-agent-id", "support"))).Status);
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task An_agents_cap_counts_what_other_instances_spent_and_a_month_outlasts_its_days()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        _clock.AdjustTime(_clock.GetUtcNow().AddDays(-5));
        var cap = new BudgetSection { MonthlyUsd = 10 };
        await using var a = await StartAsync(upstream, cap);
        await using (var b = await StartAsync(upstream, cap))
        {
            Assert.Equal(HttpStatusCode.OK, (await b.ChatAsync(GatewayHost.Token)).Status);
            Assert.Equal(HttpStatusCode.OK, (await a.ChatAsync(GatewayHost.Token)).Status);
        }

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((HttpStatusCode.PaymentRequired, "budget_exceeded"), await a.ChatAsync(GatewayHost.Token));
        _clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal(HttpStatusCode.OK, (await a.ChatAsync(GatewayHost.Token)).Status);
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, BudgetSection? daily = null) => GatewayHost.StartAsync(
        azurite.StorageAccount,
        c =>
        {
            c.Storage.Prefix = _prefix;
            var provider = upstream.ProviderConfig("openai-completions", "test-model");
            provider.Models[0].Cost = new ModelCostSection { Input = 1_000_000, Output = 1_000_000 };
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = provider };
            c.Agents.Entries = new Dictionary<string,
                AgentSection>
            { ["main"] = new() { Default = true, Budget = daily }, ["support"] = new() };
        },
        services => services.AddSingleton<TimeProvider>(_clock));
}
