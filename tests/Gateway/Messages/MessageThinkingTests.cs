using System.Text.Json;
using OpenClaw.Tests.Support;
using Xunit;
using static OpenClaw.Tests.Gateway.Messages.MessagesGateway;

namespace OpenClaw.Tests.Gateway.Messages;

/// <summary>What a model thinks, on its way to the caller and back to the provider.</summary>
public class MessageThinkingTests
{
    private const string Claude = "mock/claude-sonnet-4-5";
    private const string Enabled = """ "thinking":{"type":"enabled","budget_tokens":2048}, """;
    private const string Start = """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"x","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}""";
    private const string Signed = """{"type":"thinking","thinking":"hm well","signature":"c2ln"}""";
    private const string Redacted = """{"type":"redacted_thinking","data":"cmVk"}""";
    private const string Call = """{"type":"tool_use","id":"toolu_1","name":"get_time","input":{"x":1}}""";
    private const string User = """{"role":"user","content":"Hello"}""";
    private const string Result = """{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"noon"}]}""";

    [Theory]
    [InlineData(Signed)]
    [InlineData(Redacted)]
    [InlineData(Signed, Redacted)]
    [InlineData(Signed, Signed)]
    public async Task Thinking_goes_to_the_caller_and_back_unchanged(params string[] thinking)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, Anthropic);
        foreach (var isStream in (bool[])[false, true])
        {
            upstream.Next(call => SendAsync(call, [.. thinking, Call]));
            var request = Hello($"{Enabled}{WeatherTools},\"stream\":{(isStream ? "true" : "false")},", Claude);
            var content = isStream ? (await gateway.StreamMessageAsync(request)).Content()
                : (await gateway.CreateMessageAsync(request)).GetProperty("content").GetRawText();
            await gateway.CreateMessageAsync(
                Conversation($$"""{{User}},{"role":"assistant","content":{{content}}},{{Result}}""", $"{Enabled}{WeatherTools},", Claude));

            var back = upstream.Requests[^1].Body.GetProperty("messages")[1].GetProperty("content");
            Assert.Equal([.. thinking, Call], back.EnumerateArray().Select(Text));
            Assert.Equal("enabled", upstream.Requests[^1].Body.GetProperty("thinking").GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task One_signed_block_keeps_the_signature_of_its_provider()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, Anthropic);
        upstream.Always(call => SendAsync(call, Signed, """{"type":"text","text":"Noon."}"""));
        var whole = await gateway.CreateMessageAsync(Hello(Enabled, Claude));
        var events = await gateway.StreamMessageAsync(Hello(Enabled + "\"stream\":true,", Claude));

        Assert.Equal($$"""[{{Signed}},{"type":"text","text":"Noon."}]""", whole.GetProperty("content").GetRawText());
        Assert.Equal($$"""[{{Signed}},{"type":"text","text":"Noon."}]""", events.Content());
        Assert.Equal(
            ["thinking_delta", "signature_delta", "text_delta"],
            events.Where(e => e.TryGetProperty("delta", out var delta) && delta.TryGetProperty("type", out _)).Select(
                e => e.GetProperty("delta").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Omitted_thinking_has_no_text_and_still_goes_back_whole()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, Anthropic);
        const string omitted = """ "thinking":{"type":"enabled","budget_tokens":2048,"display":"omitted"}, """;
        upstream.Next(call => SendAsync(call, Signed, Call));
        var content = (await gateway.StreamMessageAsync(Hello($"{omitted}{WeatherTools},\"stream\":true,", Claude))).Content();
        await gateway.CreateMessageAsync(
            Conversation($$"""{{User}},{"role":"assistant","content":{{content}}},{{Result}}""", $"{omitted}{WeatherTools},", Claude));

        Assert.Equal("", JsonElement.Parse(content)[0].GetProperty("thinking").GetString());
        Assert.DoesNotContain("hm well", content, StringComparison.Ordinal);
        Assert.Equal([Signed, Call], upstream.Requests[1].Body.GetProperty("messages")[1].GetProperty("content").EnumerateArray().Select(
            Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" "thinking":{"type":"disabled"}, """)]
    public async Task A_caller_that_does_not_ask_for_thinking_gets_none(string thinking)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, Anthropic);
        upstream.Always(call => SendAsync(call, Signed, """{"type":"text","text":"Noon."}"""));

        Assert.Equal("""[{"type":"text","text":"Noon."}]""", (await gateway.CreateMessageAsync(Hello(thinking, Claude))).GetProperty(
            "content").GetRawText());
        Assert.Equal("""[{"type":"text","text":"Noon."}]""", (
            await gateway.StreamMessageAsync(Hello(thinking + "\"stream\":true,", Claude))).Content());
        Assert.False(upstream.Requests[0].Body.TryGetProperty("thinking", out _));
    }

    [Fact]
    public async Task Reasoning_of_another_provider_comes_back_to_it_as_it_was()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, "openai-responses", c => c.Models.Providers["mock"].Models = [new() { Id = "test-model", Reasoning = true }]);
        upstream.Next(async call =>
        {
            const string item = """{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAA"}""";
            const string tool = """{"type":"function_call","id":"fc_1","call_id":"toolu_1","name":"get_time","arguments":"{}"}""";
            await call.StartStreamAsync();
            await call.SendEventAsync("""{"type":"response.created","response":{"id":"r","status":"in_progress","output":[]}}""");
            await call.SendEventAsync($$"""{"type":"response.output_item.added","output_index":0,"item":{{item}}}""");
            await call.SendEventAsync($$"""{"type":"response.output_item.done","output_index":0,"item":{{item}}}""");
            await call.SendEventAsync($$"""{"type":"response.output_item.added","output_index":1,"item":{{tool}}}""");
            await call.SendEventAsync($$"""{"type":"response.output_item.done","output_index":1,"item":{{tool}}}""");
            await call.SendEventAsync($$$$"""{"type":"response.completed","response":{"id":"r","status":"completed","output":[{{{{item}}}},{{{{tool}}}}],"usage":{"input_tokens":1,"output_tokens":1}}}""");
        });
        var content = (await gateway.CreateMessageAsync(Hello($"{Enabled}{WeatherTools},"))).GetProperty("content");
        await gateway.CreateMessageAsync(
            Conversation($$"""{{User}},{"role":"assistant","content":{{content.GetRawText()}}},{{Result}}""", $"{Enabled}{WeatherTools},"));

        Assert.Equal("redacted_thinking", content[0].GetProperty("type").GetString());
        Assert.Contains(
            upstream.Requests[1].Body.GetProperty("input").EnumerateArray(),
            i => i.GetProperty("type").GetString() == "reasoning" && i.GetProperty("encrypted_content").GetString() == "gAAAA");
    }

    [Theory]
    [InlineData(""" {"type":"enabled","budget_tokens":1024} """, null, "low")]
    [InlineData(""" {"type":"enabled","budget_tokens":8000} """, null, "medium")]
    [InlineData(""" {"type":"enabled","budget_tokens":31999} """, null, "xhigh")]
    [InlineData(""" {"type":"adaptive"} """, null, "high")]
    [InlineData(""" {"type":"adaptive","display":"omitted"} """, "low", "low")]
    [InlineData(""" {"type":"adaptive"} """, "max", "max")]
    [InlineData(""" {"type":"disabled"} """, "low", "low")]
    public async Task A_budget_becomes_an_effort_of_models_that_reason(string thinking, string? effort, string? sent)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, configure: c =>
            c.Models.Providers["mock"].Models = [new() { Id = "test-model", Reasoning = true }, new() { Id = "plain" }]);
        var config = effort is null ? "" : $$"""
            "output_config":{"effort":"{{effort}}"},
            """;
        await gateway.CreateMessageAsync(Hello($"\"thinking\":{thinking},{config}"));
        await gateway.CreateMessageAsync(Hello($"\"thinking\":{thinking},{config}", "mock/plain"));

        Assert.Equal(sent, upstream.Requests[0].Body.TryGetProperty("reasoning_effort", out var found) ? found.GetString() : null);
        Assert.False(upstream.Requests[1].Body.TryGetProperty("reasoning_effort", out _)); // such a model would refuse it
    }

    private static string Text(JsonElement block) =>
        block.GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("hmwell", "hm well", StringComparison.Ordinal);

    /// <summary>Streams these whole blocks as Anthropic does.</summary>
    private static async Task SendAsync(UpstreamCall call, params string[] blocks)
    {
        await call.StartStreamAsync();
        await call.SendEventAsync(Start);
        for (var i = 0; i < blocks.Length; i++)
        {
            await call.SendEventAsync($$"""{"type":"content_block_start","index":{{i}},"content_block":{{blocks[i]}}}""");
            await call.SendEventAsync($$"""{"type":"content_block_stop","index":{{i}}}""");
        }

        var reason = blocks[^1] == Call ? "tool_use" : "end_turn";
        await call.SendEventAsync($$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}"},"usage":{"output_tokens":2}}""");
        await call.SendEventAsync("""{"type":"message_stop"}""");
    }
}
