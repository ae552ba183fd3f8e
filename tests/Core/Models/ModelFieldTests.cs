using System.Net;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

/// <summary>What a model refuses although its API has it, and what becomes of a request when only some of the agent's models can do what
/// it asks for.</summary>
public class ModelFieldTests
{
    [Theory]
    [InlineData("claude-opus-4-0", """ "temperature":0.5,"top_p":0.5 """, null)]
    [InlineData("claude-sonnet-4-5", """ "temperature":0.5,"top_p":1 """, null)]
    [InlineData("claude-sonnet-4-5", """ "temperature":1,"top_p":0.5 """, null)]
    [InlineData("claude-sonnet-4-5", """ "temperature":0.5,"top_p":0.5 """, "top_p")]
    [InlineData("claude-sonnet-4-5", """ "temperature":0.5,"reasoning_effort":"high" """, "temperature")]
    [InlineData("claude-sonnet-4-5", """ "temperature":1,"reasoning_effort":"high" """, null)]
    [InlineData("claude-sonnet-4-5", """ "top_k":5,"reasoning_effort":"high" """, "top_k")]
    [InlineData("claude-sonnet-4-5", """ "top_p":0.97,"reasoning_effort":"high" """, null)]
    [InlineData("claude-sonnet-4-5", """ "top_p":0.5,"reasoning_effort":"high" """, "top_p")]
    [InlineData("claude-opus-4-7", """ "temperature":0.5 """, "temperature")]
    [InlineData("claude-opus-4-7", """ "top_k":5 """, "top_k")]
    [InlineData("claude-opus-4-7", """ "temperature":1,"top_p":1 """, null)]
    [InlineData("claude-sonnet-4-5", """ "service_tier":"flex" """, "service_tier")]
    [InlineData("claude-sonnet-4-5", """ "stop":["\n"] """, "stop")]
    public async Task Claude_takes_or_refuses_sampling_by_its_version(string model, string fields, string? refused)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Models.Providers =
                new Dictionary<string, ProviderSection> { ["a"] = upstream.ProviderConfig("anthropic-messages") });
        using var answer = await gateway.PostChatAsync(
            $$"""{"model":"a/{{model}}","messages":[{"role":"user","content":"x"}],{{fields}}}""");

        Assert.Equal(refused is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
        if (refused is not null)
        {
            var error = await answer.ReadErrorAsync();
            Assert.Equal(("unsupported_parameter", refused), (error.Code, error.Param));
            Assert.Empty(upstream.Requests);
        }
    }

    [Theory]
    [InlineData("gpt-4.1", """ "temperature":0.5,"logprobs":true """, null)]
    [InlineData("gpt-5", """ "temperature":0.5 """, "temperature")]
    [InlineData("gpt-5", """ "temperature":1,"top_p":1,"presence_penalty":0,"logprobs":false """, null)]
    [InlineData("gpt-5", """ "logprobs":true """, "logprobs")]
    [InlineData("gpt-5.1", """ "temperature":0.5 """, null)]
    [InlineData("gpt-5.1", """ "temperature":0.5,"reasoning_effort":"high" """, "temperature")]
    [InlineData("o3-mini", """ "top_p":0.5 """, "top_p")]
    public async Task Models_of_OpenAI_refuse_sampling_while_they_reason(string model, string fields, string? refused)
    {
        foreach (var api in new[] { "openai-completions", "openai-responses" })
        {
            await using var upstream = await ScriptedUpstream.StartAsync();
            await using var gateway = await GatewayHost.StartAsync(
                configure: c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["o"] = upstream.ProviderConfig(api) });
            using var answer = await gateway.PostChatAsync(
                $$"""{"model":"o/{{model}}","messages":[{"role":"user","content":"x"}],{{fields}}}""");

            Assert.Equal(refused is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(refused, refused is null ? null : (await answer.ReadErrorAsync()).Param);
        }
    }

    [Theory]
    [InlineData("gpt-5", """ "stop":["END"] """, true)]
    [InlineData("o4-mini", """ "stop":"END" """, true)]
    [InlineData("gpt-5.1", """ "stop":["END"],"reasoning_effort":"low" """, true)]
    [InlineData("gpt-5.1", """ "stop":["END"] """, false)]
    [InlineData("gpt-5", """ "stop":[] """, false)]
    [InlineData("gpt-4o", """ "stop":["END"] """, false)]
    [InlineData("llama-4", """ "stop":["END"] """, false)]
    public async Task Models_of_OpenAI_refuse_stop_sequences_while_they_reason(string model, string fields, bool isRefused)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["o"] = upstream.ProviderConfig() });
        using var answer = await gateway.PostChatAsync(
            $$"""{"model":"o/{{model}}","messages":[{"role":"user","content":"x"}],{{fields}}}""");

        Assert.Equal(isRefused ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer.StatusCode);
        if (isRefused)
        {
            Assert.Equal("stop", (await answer.ReadErrorAsync()).Param);
            Assert.Empty(upstream.Requests);
        }
    }

    [Theory]
    [InlineData(false, HttpStatusCode.BadRequest)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task First_model_of_the_agent_decides_whether_a_field_is_refused(bool isAbleFirst, HttpStatusCode expected)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, isAbleFirst ? ["o/m", "a/claude-x"] : ["a/claude-x", "o/m"]);
        using var answer = await gateway.PostChatAsync(Seeded);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Fallback_that_cannot_do_what_is_asked_is_left_out_and_a_later_one_answers()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, ["o/m", "a/claude-x", "p/m"]);
        upstream.NextStatus(503).NextStatus(503).NextStatus(503);
        using var answer = await gateway.PostChatAsync(Seeded);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(upstream.Requests, r => r.Path.EndsWith("/messages", StringComparison.Ordinal));
        Assert.Equal(7, upstream.Requests[^1].Body.GetProperty("seed").GetInt32());
    }

    [Fact]
    public async Task Failure_of_the_first_model_is_answered_when_no_fallback_can_do_what_is_asked()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, ["o/m", "a/claude-x"]);
        upstream.Always(call => call.RespondAsync(503, "{}"));
        using var answer = await gateway.PostChatAsync(Seeded);

        Assert.Equal("upstream_unavailable", (await answer.ReadErrorAsync()).Code);
    }

    private const string Seeded = """{"model":"openclaw","messages":[{"role":"user","content":"x"}],"seed":7}""";

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream, string[] models) => GatewayHost.StartAsync(configure: c =>
    {
        c.Models.Providers = new Dictionary<string, ProviderSection>
        {
            ["o"] = upstream.ProviderConfig(),
            ["p"] = upstream.ProviderConfig(),
            ["a"] = upstream.ProviderConfig("anthropic-messages"),
        };
        c.Agents.Defaults.Model = new AgentModelSection { Primary = models[0], Fallbacks = models[1..] };
    });
}
