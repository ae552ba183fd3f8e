using System.Net;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>Long conversations, put in short by the model.</summary>
public class SessionCompactionTests(AzuriteFixture azurite)
{
    private const string Summary = "Ann likes tea.";

    [Fact]
    [Trait("Feature", "F80")]
    [Trait("Feature", "D29")]
    public async Task After_a_compaction_the_model_sees_the_summary_and_readers_still_every_word()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SayAsync(gateway, "I am Ann");
        await SayAsync(gateway, "I like tea");
        upstream.Next(call => call.StreamTextAsync(Summary));
        await gateway.PostDataAsync("/api/sessions/s", """{"action":"compact"}""");
        await SayAsync(gateway, "what now");
        await SayAsync(gateway, "and then");
        var history = await gateway.PostDataAsync("/api/sessions/s", """{"action":"history","order":"asc"}""");

        Assert.Contains("I like tea", string.Concat(Texts(upstream.Requests[2])), StringComparison.Ordinal);
        Assert.Equal([$"Summary of the conversation so far:\n{Summary}", "what now"], Texts(upstream.Requests[3]));
        Assert.Equal(4, Texts(upstream.Requests[4]).Count());
        Assert.Equal(
            ["message", "message", "message", "message", "compaction", "message", "message", "message", "message"],
            history.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("type").GetString()));
        Assert.Equal("I am Ann", history.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task A_compaction_that_fails_changes_nothing_and_frees_the_session()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SayAsync(gateway, "kept");
        upstream.NextStatus(400);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.PostFailureAsync("/api/sessions/s", """{"action":"compact"}""")).Status);
        await SayAsync(gateway, "after");
        Assert.Equal(["kept", "kept", "after"], Texts(upstream.Requests[2]));
    }

    [Theory]
    [InlineData(true, 0.5, 4)]
    [InlineData(true, 1.0, 3)]
    [InlineData(false, 0.5, 3)]
    [Trait("Feature", "F80")]
    public async Task A_prompt_that_would_fill_the_context_window_is_put_in_short_first(bool enabled, double threshold, int requests)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, window: 1000, configure: c =>
            c.Agents.Defaults.Compaction = new() { Enabled = enabled, Threshold = (decimal)threshold });
        var long1 = new string('a', 800);
        await SayAsync(gateway, long1);
        await SayAsync(gateway, "short");
        upstream.Next(call => call.StreamTextAsync(Summary));
        await SayAsync(gateway, long1);

        Assert.Equal(requests, upstream.Requests.Count);
        if (requests == 4)
        {
            Assert.Equal([$"Summary of the conversation so far:\n{Summary}", long1], Texts(upstream.Requests[3]));
        }
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task A_prompt_that_the_provider_finds_too_long_is_put_in_short_and_tried_once_more()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SayAsync(gateway, "before");
        upstream.NextStatus(400, TooLong).Next(call => call.StreamTextAsync(Summary));
        var answer = await SayAsync(gateway, "after");
        upstream.NextStatus(400, TooLong).Next(call => call.StreamTextAsync(Summary)).NextStatus(400, TooLong);
        var failure = await gateway.PostFailureAsync("/api/chat", """{"message":"again","sessionId":"s"}""");

        Assert.Equal("after", answer.GetProperty("message").GetString());
        Assert.Equal([$"Summary of the conversation so far:\n{Summary}", "after"], Texts(upstream.Requests[3]));
        Assert.Equal((HttpStatusCode.BadRequest, "CONTEXT_LENGTH_EXCEEDED"), failure);
        Assert.Equal(7, upstream.Requests.Count);
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task The_result_of_a_call_is_never_parted_from_its_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, window: 100);
        const string Tools = """ "tools":[{"type":"function","function":{"name":"look"}}] """;
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_1", "look", "{}");
            await call.FinishAsync("tool_calls");
        });
        using var first = await gateway.PostChatAsync(
            $$"""{"model":"openclaw","user":"u",{{Tools}},"messages":[{"role":"user","content":"{{new string('a', 600)}}"}]}""");
        using var second = await gateway.PostChatAsync(
            $$"""{"model":"openclaw","user":"u",{{Tools}},"messages":[{"role":"tool","tool_call_id":"call_1","content":"seen"}]}""");

        Assert.True(second.IsSuccessStatusCode, await second.Content.ReadAsStringAsync());
        Assert.Equal(["user", "assistant", "tool"], upstream.Requests[1].Body.GetProperty("messages").EnumerateArray().Select(
            m => m.GetProperty("role").GetString()));
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task A_conversation_too_long_for_one_summary_is_summed_up_piece_by_piece()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, window: 1000, configure: c => c.Agents.Defaults.Compaction = new() { Enabled = false });
        for (var i = 0; i < 3; i++)
        {
            await SayAsync(gateway, new string((char)('a' + i), 600));
        }

        upstream.Next(call => call.StreamTextAsync("first part")).Next(call => call.StreamTextAsync(Summary));
        await gateway.PostDataAsync("/api/sessions/s", """{"action":"compact"}""");
        await SayAsync(gateway, "next");

        Assert.Contains("first part", string.Concat(Texts(upstream.Requests[4])), StringComparison.Ordinal);
        Assert.Equal([$"Summary of the conversation so far:\n{Summary}", "next"], Texts(upstream.Requests[5]));
    }

    private const string TooLong =
        """{"error":{"message":"maximum context length","type":"invalid_request_error","code":"context_length_exceeded"}}""";

    private static Task<JsonElement> SayAsync(GatewayHost gateway, string text) =>
        gateway.PostDataAsync("/api/chat", $$"""{"message":"{{text}}","sessionId":"s"}""");

    private static IEnumerable<string> Texts(UpstreamRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!);

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, int? window = null, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            var provider = upstream.ProviderConfig();
            provider.Models = [new ModelSection { Id = "m", ContextWindow = window }];
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = provider };
            configure?.Invoke(c);
        });
}
