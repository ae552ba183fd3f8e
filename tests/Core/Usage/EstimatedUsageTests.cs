using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Usage;

/// <summary>What a provider does not report is estimated, so that budgets hold for every provider and for callers who leave. The
/// questions of these tests have 300 words, the answers 200.</summary>
[Trait("Feature", "F30")]
public class EstimatedUsageTests(AzuriteFixture azurite)
{
    private static readonly string Question = string.Concat(Enumerable.Repeat("question ", 300));
    private static readonly string Answer = string.Concat(Enumerable.Repeat("answer ", 200));
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 3, 31, 22, 0, 0, TimeSpan.Zero));
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    public static TheoryData<string, string> Surfaces => new()
    {
        { "/v1/chat/completions", """{"model":"openclaw","messages":[{"role":"user","content":"$"}]}""" },
        { "/v1/chat/completions", """{"model":"openclaw","stream":true,"messages":[{"role":"user","content":"$"}]}""" },
        { "/v1/chat/completions", """{"model":"openclaw","user":"ann","messages":[{"role":"user","content":"$"}]}""" },
        { "/v1/responses", """{"model":"openclaw","input":"$"}""" },
        { "/v1/responses", """{"model":"openclaw","input":"$","store":false,"stream":true}""" },
        { "/v1/responses", """{"model":"openclaw","input":"$","background":true}""" },
        { "/v1/messages", """{"model":"openclaw","max_tokens":999,"messages":[{"role":"user","content":"$"}]}""" },
        { "/v1/messages", """{"model":"openclaw","max_tokens":999,"stream":true,"messages":[{"role":"user","content":"$"}]}""" },
        { "/api/v1/chat", """{"message":"$"}""" },
    };

    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task A_budget_bites_with_a_provider_that_never_reports_usage(string path, string body)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, dailyTokens: 500);
        upstream.Always(AnswerWithoutUsageAsync);

        using (var answer = await gateway.PostAsync(path, body.Replace("$", Question, StringComparison.Ordinal)))
        {
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        var total = await CountedAsync(gateway);
        Assert.InRange(total.GetProperty("inputTokens").GetInt32(), 300, 330);
        Assert.InRange(total.GetProperty("outputTokens").GetInt32(), 200, 210);
        Assert.Equal(total.GetProperty("totalTokens").GetInt32(), total.GetProperty("estimatedTokens").GetInt32());
        Assert.True(total.GetProperty("costUsd").GetDecimal() > 0);
        Assert.Equal((HttpStatusCode.TooManyRequests, "token_budget_exceeded"), await gateway.ChatAsync(GatewayHost.Token));
    }

    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task An_answer_counts_when_the_caller_leaves_before_its_end(string path, string body)
    {
        if (body.Contains("background", StringComparison.Ordinal))
        {
            return; // no caller waits there
        }

        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync(Answer);
            said.SetResult();
            await call.ClientGone;
        });
        using (var leaving = new CancellationTokenSource())
        {
            await LeaveAsync(gateway, path, body, said.Task, leaving);
        }

        var total = await CountedAsync(gateway);
        Assert.InRange(total.GetProperty("inputTokens").GetInt32(), 300, 330);
        if (body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            Assert.InRange(total.GetProperty("outputTokens").GetInt32(), 200, 210); // the caller has seen all of it
        }

        Assert.Equal(total.GetProperty("totalTokens").GetInt32(), total.GetProperty("estimatedTokens").GetInt32());
    }

    [Fact]
    public async Task A_prompt_counts_when_the_caller_leaves_before_the_first_word()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Next(async call =>
        {
            asked.SetResult();
            await call.ClientGone;
        });
        using var leaving = new CancellationTokenSource();
        await LeaveAsync(
            gateway, "/v1/chat/completions", """{"model":"openclaw","messages":[{"role":"user","content":"$"}]}""", asked.Task, leaving);

        var total = await CountedAsync(gateway);
        Assert.InRange(total.GetProperty("inputTokens").GetInt32(), 300, 330);
        Assert.Equal(0, total.GetProperty("outputTokens").GetInt32());
    }

    [Fact]
    public async Task An_answer_that_the_provider_breaks_off_counts_as_far_as_it_came()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync(Answer);
            await seen.Task;
            call.Reset();
        });
        using var answer = await gateway.PostChatAsync(
            """{"model":"openclaw","stream":true,"messages":[{"role":"user","content":"hi"}]}""", stream: true);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
            && !line.Contains("answer answer", StringComparison.Ordinal))
        {
        }

        seen.SetResult();
        Assert.Contains("upstream_interrupted", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.InRange((await CountedAsync(gateway)).GetProperty("outputTokens").GetInt32(), 200, 210);
    }

    [Fact]
    public async Task A_request_that_the_provider_refuses_costs_nothing()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.NextStatus(401).NextStatus(400);
        await gateway.ChatAsync(GatewayHost.Token);
        await gateway.ChatAsync(GatewayHost.Token);
        await gateway.ChatAsync(GatewayHost.Token); // the one that is answered, and reports 5 tokens

        var total = await CountedAsync(gateway);
        Assert.Equal((1, 5, 0), (
            total.GetProperty("runs").GetInt32(), total.GetProperty("totalTokens").GetInt32(), total.GetProperty(
            "estimatedTokens").GetInt32()));
    }

    [Fact]
    public async Task A_summary_of_a_session_counts_as_tokens_of_its_caller_and_needs_a_budget()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, dailyTokens: 12);
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(GatewayHost.Token, ("x-openclaw-session-key", "s1"))).Status);

        using (var compacted = await gateway.PostAsync("/api/v1/sessions/s1", """{"action":"compact"}"""))
        {
            Assert.Equal(HttpStatusCode.OK, compacted.StatusCode);
        }

        var total = await CountedAsync(gateway);
        Assert.Equal((1, 10), (total.GetProperty("runs").GetInt32(), total.GetProperty("totalTokens").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(GatewayHost.Token, ("x-openclaw-session-key", "s1"))).Status);
        using var refused = await gateway.PostAsync("/api/v1/sessions/s1", """{"action":"compact"}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Embeddings_without_usage_are_estimated()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(call => call.RespondAsync(200, """{"data":[{"index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":0,"total_tokens":0}}"""));
        using var answer = await gateway.PostAsync("/v1/embeddings", $$"""{"model":"mock/test-model","input":["{{Question}}"]}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var total = await CountedAsync(gateway);
        Assert.InRange(total.GetProperty("inputTokens").GetInt32(), 300, 310);
        Assert.Equal(total.GetProperty("inputTokens").GetInt32(), total.GetProperty("estimatedTokens").GetInt32());
    }

    [Fact]
    public async Task Only_the_part_that_is_not_reported_is_estimated()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync(Answer);
            await call.FinishAsync(promptTokens: 7, completionTokens: 0);
        });
        await gateway.ChatAsync(GatewayHost.Token);

        var total = await CountedAsync(gateway);
        Assert.Equal(7, total.GetProperty("inputTokens").GetInt32());
        Assert.InRange(total.GetProperty("outputTokens").GetInt32(), 200, 210);
        Assert.Equal(total.GetProperty("outputTokens").GetInt32(), total.GetProperty("estimatedTokens").GetInt32());
    }

    [Fact]
    public async Task The_cost_that_a_provider_reports_counts_where_the_model_has_no_price()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, cost: null);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendChunkAsync(new() { ["content"] = "Hi" }, "stop", new() { ["prompt_tokens"] = 7, ["cost"] = 0.00014 });
            await call.SendEventAsync("[DONE]");
        });
        await gateway.ChatAsync(GatewayHost.Token);

        Assert.Equal(0.00014m, (await CountedAsync(gateway)).GetProperty("costUsd").GetDecimal());
    }

    private static async Task AnswerWithoutUsageAsync(UpstreamCall call)
    {
        await call.StartStreamAsync();
        await call.SendDeltaAsync(Answer);
        await call.SendChunkAsync([], "stop");
        await call.SendEventAsync("[DONE]");
    }

    private static async Task LeaveAsync(GatewayHost gateway, string path, string body, Task when, CancellationTokenSource leaving)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body.Replace("$", Question, StringComparison.Ordinal), null, "application/json"),
        };
        var asking = gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        await when.WaitAsync(FunctionsHost.Patience, TestContext.Current.CancellationToken);
        if (body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            using var answer = await asking;
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
                && !line.Contains("answer answer", StringComparison.Ordinal))
            {
            }

            return;
        }

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    /// <summary>The day's total once something is counted; a run is counted when it has ended, beside its answer.</summary>
    private static async Task<JsonElement> CountedAsync(GatewayHost gateway)
    {
        using var patience = new CancellationTokenSource(FunctionsHost.Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var total = (await gateway.GetDataAsync("/api/v1/usage")).GetProperty("total");
            if (total.GetProperty("runs").GetInt32() > 0)
            {
                return total;
            }
        }
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, long? dailyTokens = null) =>
        StartAsync(upstream, new ModelCostSection { Input = 1, Output = 10 }, dailyTokens);

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, ModelCostSection? cost, long? dailyTokens = null) =>
        GatewayHost.StartAsync(
            azurite.StorageAccount,
            c =>
            {
                c.Storage.Prefix = _prefix;
                var provider = upstream.ProviderConfig("openai-completions", "test-model");
                provider.Models[0].Cost = cost;
                c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = provider };
                c.Agents.Entries = new Dictionary<string, AgentSection>
                {
                    ["main"] = new() { Default = true, Budget = dailyTokens is null ? null : new() { DailyTokens = dailyTokens } },
                };
            },
            services => services.AddSingleton<TimeProvider>(_clock));
}
