using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Usage;

/// <summary>What runs use is counted by agent, caller, model, session and day, and summed over instances.</summary>
public class UsageTests(AzuriteFixture azurite)
{
    private readonly WatchedTimeProvider _clock = new(new DateTimeOffset(2030, 3, 31, 23, 0, 0, TimeSpan.Zero));
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    [Trait("Feature", "F81")]
    public async Task Totals_are_kept_by_agent_key_model_session_and_day_over_instances_and_days()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var a = await StartAsync(upstream);
        var (id, key) = await a.CreateKeyAsync(ApiKeyGateway.Writer);
        await using (var b = await StartAsync(upstream))
        {
            Assert.Equal(HttpStatusCode.OK, (await b.ChatAsync(key, ("x-openclaw-session-key", "s1"))).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await a.ChatAsync(key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await a.ChatAsync(GatewayHost.Token, ("x-openclaw-agent-id", "support"))).Status);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.OK, (await a.ChatAsync(GatewayHost.Token)).Status);

        Assert.Equal([("2030-03-31", 3), ("2030-04-01", 1)], Runs(await a.GetDataAsync("/api/v1/usage")));
        Assert.Equal([("2030-03-31", 3)], Runs(await a.GetDataAsync("/api/usage?from=2030-03-01&to=2030-03-31&by=day")));
        Assert.Equal([("main", 3), ("support", 1)], Runs(await a.GetDataAsync("/api/usage?by=agent")));
        Assert.Equal([($"key:{id}", 2), ("operator", 2)], Runs(await a.GetDataAsync("/api/usage?by=key")).Order());
        Assert.Equal([("s1", 1)], Runs(await a.GetDataAsync("/api/usage?by=session")));
        var model = (await a.GetDataAsync("/api/usage?by=model")).GetProperty("items")[0];
        Assert.Equal("mock/test-model", model.GetProperty("name").GetString());

        // Each run: 3 tokens in at 1 dollar, 2 out at 10 dollars, per million.
        Assert.Equal((12, 8, 20), (
            model.GetProperty("inputTokens").GetInt32(), model.GetProperty("outputTokens").GetInt32(), model.GetProperty(
            "totalTokens").GetInt32()));
        Assert.Equal(0.000092m, model.GetProperty("costUsd").GetDecimal());
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task A_key_sees_only_what_was_its_own()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var (id, ann) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        var (_, bob) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        foreach (var caller in new[] { ann, GatewayHost.Token, GatewayHost.Token, ann })
        {
            await gateway.ChatAsync(caller, ("x-openclaw-session-key", "shared"));
        }

        foreach (var (by, name) in new[] { ("day", "2030-03-31"), ("agent", "main"), ("key", $"key:{id}"), ("model", "mock/test-model"), (
            "session", "shared") })
        {
            using var own = await gateway.SendAsync(HttpMethod.Get, "/api/usage?by=" + by, ann);
            using var none = await gateway.SendAsync(HttpMethod.Get, "/api/usage?by=" + by, bob);
            Assert.Equal([(name, 2)], Runs(await own.ReadDataAsync()));
            Assert.Empty(Runs(await none.ReadDataAsync()));
        }

        Assert.Equal(2, Runs(await gateway.GetDataAsync("/api/usage?by=session")).Count);
    }

    [Fact]
    [Trait("Feature", "F81")]
    public async Task Usage_written_by_one_instance_is_seen_by_others_and_a_repeated_write_counts_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var a = await StartAsync(upstream);
        await using var b = await StartAsync(upstream);
        await a.ChatAsync(GatewayHost.Token);
        Assert.Empty(Runs(await b.GetDataAsync("/api/usage")));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal([("2030-03-31", 1)], Runs(await a.GetDataAsync("/api/usage")));
        }

        Assert.Equal([("2030-03-31", 1)], Runs(await b.GetDataAsync("/api/usage")));
        Assert.True(_clock.WaitForTimerAsync(TimeSpan.FromSeconds(10)).IsCompleted);
    }

    [Theory]
    [InlineData("by=colour")]
    [InlineData("from=yesterday")]
    [InlineData("from=2030-02-01&to=2030-01-01")]
    [InlineData("from=2020-01-01&to=2030-01-01")]
    [Trait("Feature", "F82")]
    public async Task A_question_that_makes_no_sense_is_400(string query)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.Client.GetAsync("/api/v1/usage?" + query);
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_VALUE"), await answer.ReadFailureAsync());
    }

    [Fact]
    [Trait("Feature", "F42")]
    public async Task Cached_input_has_a_price_of_its_own_and_embeddings_count_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("Hi");
            await call.SendEventAsync("""{"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
            await call.SendEventAsync("""{"id":"x","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":10,"prompt_tokens_details":{"cached_tokens":900}}}""");
            await call.SendEventAsync("[DONE]");
        });
        await gateway.ChatAsync(GatewayHost.Token);
        using var vectors = await gateway.PostAsync("/v1/embeddings", """{"model":"mock/test-model","input":["a","b"]}""");
        Assert.Equal(HttpStatusCode.OK, vectors.StatusCode);

        var total = (await gateway.GetDataAsync("/api/usage")).GetProperty("total");
        Assert.Equal((1002, 10, 900, 2), (
            total.GetProperty("inputTokens").GetInt32(), total.GetProperty("outputTokens").GetInt32(), total.GetProperty(
            "cachedTokens").GetInt32(), total.GetProperty("runs").GetInt32()));
        Assert.Equal(0.000100m + 0.000090m + 0.000100m + 0.000002m, total.GetProperty("costUsd").GetDecimal());
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream) => GatewayHost.StartAsync(
        azurite.StorageAccount,
        c =>
        {
            c.Storage.Prefix = _prefix;
            var provider = upstream.ProviderConfig("openai-completions", "test-model");
            provider.Models[0].Cost = new ModelCostSection { Input = 1, Output = 10, CacheRead = 0.1m };
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = provider };
            c.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new() { Default = true }, ["support"] = new() };
        },
        services => services.AddSingleton<TimeProvider>(_clock));

    private static List<(string Name, int Runs)> Runs(JsonElement data) =>
        [.. data.GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("name").GetString()!, i.GetProperty("runs").GetInt32()))];
}
