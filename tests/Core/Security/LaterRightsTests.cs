using System.Net;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Security;

/// <summary>Work that is executed later than its request has the rights and the budget that its key has then.</summary>
public class LaterRightsTests(AzuriteFixture azurite)
{
    private const string Send = """{"action":"send","message":"later"}""";

    [Theory]
    [InlineData("""{"allowedAgents":["support"]}""", "AGENT_NOT_ALLOWED")]
    [InlineData("""{"scopes":["operator.read"]}""", "FORBIDDEN")]
    [InlineData("""{"budget":{"dailyTokens":1}}""", "TOKEN_BUDGET_EXCEEDED")]
    [InlineData(null, "UNAUTHORIZED")]
    [Trait("Feature", "T37")]
    public async Task A_queued_message_is_not_executed_when_its_key_may_not_any_more(string? change, string code)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var (id, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        await gateway.PostDataAsync("/api/chat", """{"message":"begin","sessionId":"s"}""", r => r.Use(key));
        var (held, release) = Hold(upstream);
        await gateway.PostDataAsync("/api/sessions/s", Send, r => r.Use(key));
        await held;
        var second = (await gateway.PostDataAsync("/api/sessions/s", Send, r => r.Use(key))).GetProperty("runId").GetString()!;
        await ChangeAsync(gateway, id, change);
        release.SetResult();

        var run = await EndOfAsync(gateway, second);
        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Equal(code, run.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_background_response_that_waits_fails_when_its_key_is_revoked()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var (id, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        var (held, release) = Hold(upstream);
        await gateway.CreateAsync("""{"model":"openclaw","background":true,"user":"u","input":"one"}""", r => r.Use(key));
        await held;
        var second = await gateway.CreateAsync("""{"model":"openclaw","background":true,"user":"u","input":"two"}""", r => r.Use(key));
        await ChangeAsync(gateway, id, null);
        release.SetResult();

        using var stream = await gateway.Client.GetAsync($"/v1/responses/{second.Id()}?stream=true");
        var end = ResponsesGateway.Events(await stream.Content.ReadAsStringAsync())[^1];
        Assert.Equal("response.failed", end.Type());
        Assert.Equal("invalid_api_key", end.GetProperty("response").GetProperty("error").GetProperty("code").GetString());
        Assert.Single(upstream.Requests);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task One_key_has_no_more_runs_waiting_than_the_limit_and_other_keys_are_not_affected()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, c => c.Gateway.Http.RateLimit.WaitingRuns = 2);
        var (_, ann) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        var (_, bob) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        var mayAnswer = new TaskCompletionSource();
        upstream.Always(async call =>
        {
            await mayAnswer.Task;
            await call.StreamTextAsync("done");
        });
        const string Background = """{"model":"openclaw","background":true,"input":"x"}""";
        var first = await gateway.CreateAsync(Background, r => r.Use(ann));
        var second = await gateway.CreateAsync(Background, r => r.Use(ann));
        using var third = await gateway.PostResponseAsync(Background, r => r.Use(ann));

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("too_many_waiting_runs", (await third.ReadErrorAsync()).Code);
        Assert.NotNull(third.Headers.RetryAfter);
        await gateway.CreateAsync(Background, r => r.Use(bob));
        mayAnswer.SetResult();
        foreach (var response in new[] { first, second })
        {
            using var stream = await gateway.Client.GetAsync($"/v1/responses/{response.Id()}?stream=true");
            await stream.Content.ReadAsStringAsync();
        }

        await gateway.CreateAsync(Background, r => r.Use(ann)); // also when the place was not given back yet: the run has ended
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_summary_is_counted_on_its_cause_and_refused_when_the_budget_is_used_up()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var (_, key) = await gateway.CreateKeyAsync("""{"name":"x","scopes":["operator.admin"],"budget":{"dailyTokens":10}}""");
        await gateway.PostDataAsync("/api/chat", """{"message":"begin","sessionId":"s"}""", r => r.Use(key)); // 5 tokens
        upstream.Next(call => call.StreamTextAsync("in short"));
        await gateway.PostDataAsync("/api/sessions/s", """{"action":"compact"}""", r => r.Use(key)); // 5 more
        Assert.Equal(2, upstream.Requests.Count);

        Assert.Equal(
            (HttpStatusCode.TooManyRequests, "TOKEN_BUDGET_EXCEEDED"),
            await gateway.PostFailureAsync("/api/sessions/s", """{"action":"compact"}""", r => r.Use(key)));
        Assert.Equal((HttpStatusCode.TooManyRequests, "token_budget_exceeded"), await gateway.ChatAsync(key));
        Assert.Equal(2, upstream.Requests.Count);
    }

    private static async Task ChangeAsync(GatewayHost gateway, string id, string? change)
    {
        if (change is null)
        {
            using var revoked = await gateway.Client.DeleteAsync($"/api/keys/{id}");
            Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        }
        else
        {
            await gateway.PatchAsync($"/api/keys/{id}", change);
        }
    }

    /// <summary>The next call of the model waits.</summary>
    private static (Task Held, TaskCompletionSource Release) Hold(ScriptedUpstream upstream)
    {
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        upstream.Next(async call =>
        {
            held.SetResult();
            await release.Task;
            await call.StreamTextAsync("first");
        });
        return (held.Task.WaitAsync(FunctionsHost.Patience), release);
    }

    /// <summary>The run once it has ended: its own stream says when.</summary>
    private static async Task<JsonElement> EndOfAsync(GatewayHost gateway, string runId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{runId}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var events = await gateway.Client.SendAsync(request);
        await events.Content.ReadAsStringAsync();
        return await gateway.GetDataAsync($"/api/runs/{runId}");
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new(), ["support"] = new() };
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            c.Agents.Defaults.Model = new() { Primary = "mock/m" };
            configure?.Invoke(c);
        });
}
