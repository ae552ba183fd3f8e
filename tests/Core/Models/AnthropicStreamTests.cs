using Microsoft.Extensions.AI;
using OpenClaw.Models;
using OpenClaw.Models.Anthropic;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class AnthropicStreamTests
{
    private const string Api = "anthropic-messages";
    private const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":4,"cache_creation_input_tokens":2,"output_tokens":1}}}""";
    private const string Stop = """{"type":"message_stop"}""";

    private static readonly string[] ThoughtfulCall =
    [
        Start,
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """{"type":"ping"}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm "}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"well"}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"cmVk"}}""",
        """{"type":"content_block_stop","index":1}""",
        """{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"calling"}}""",
        """{"type":"content_block_stop","index":2}""",
        """{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}""",
        """{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}""",
        """{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"x\""}}""",
        """{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":": 1}"}}""",
        """{"type":"content_block_stop","index":3}""",
        """{"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"toolu_2","name":"g","input":{}}}""",
        """{"type":"content_block_stop","index":4}""",
        """{"type":"content_block_start","index":5,"content_block":{"type":"some_future_block"}}""",
        """{"type":"content_block_delta","index":5,"delta":{"type":"some_future_delta","text":"x"}}""",
        """{"type":"content_block_stop","index":5}""",
        """{"type":"some_future_event"}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}""",
        Stop,
    ];

    [Fact]
    public async Task Text_is_streamed_and_counted()
    {
        await using var models = await ModelHarness.StartAsync(Api);

        var updates = await models.StreamAsync("one two");

        Assert.Equal("text:one|text: two|usage:5", CompletionsStreamTests.Describe(updates));
        Assert.Equal((ChatFinishReason.Stop, "msg_mock", "test-model"), (
            updates[^1].FinishReason, updates[^1].ResponseId, updates[^1].ModelId));
    }

    [Fact]
    public async Task Thinking_text_and_calls_are_streamed_as_they_come()
    {
        await using var models = await ModelHarness.StartAsync(Api);
        models.Events(ThoughtfulCall);

        var updates = await models.StreamAsync();

        var seal = updates.SelectMany(update => update.Contents).OfType<TextReasoningContent>().Single(
            content => content.ProtectedData is not null);
        Assert.Equal(
            $"thought:hm |thought:well|sealed:{seal.ProtectedData}|text:calling|call:0/toolu_1/f/|call:0/{{\"x\"|call:0/: 1}}|call:1/toolu_2/g/|call:1/{{}}|usage:25",
            CompletionsStreamTests.Describe(updates));
        Assert.Equal(ChatFinishReason.ToolCalls, updates[^1].FinishReason);
        var usage = updates[^1].Contents.OfType<UsageContent>().Single().Details;
        Assert.Equal((16, 9, 4, 2), (
            usage.InputTokenCount, usage.OutputTokenCount, usage.CachedInputTokenCount,
            usage.AdditionalCounts![ModelProperties.CacheWrites]));
    }

    [Fact]
    public async Task Thinking_goes_back_unchanged_with_the_results_of_the_tools()
    {
        await using var models = await ModelHarness.StartAsync(Api);
        var options = new ModelOptions { ModelId = "claude-sonnet-4-5", ReasoningEffort = "low" };
        models.Events(ThoughtfulCall);
        List<ChatMessage> messages = [new(ChatRole.User, "hi")];
        messages.AddRange((await models.Client.GetResponseAsync(messages, options)).Messages);
        messages.Add(new(ChatRole.Tool, [new FunctionResultContent("toolu_1", "one"), new FunctionResultContent("toolu_2", "two")]));

        var answer = await models.Client.GetResponseAsync(messages, options);

        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        var body = models.Upstream.Requests[1].Body;
        Assert.Equal("enabled", body.GetProperty("thinking").GetProperty("type").GetString());
        CompletionsRequestTests.AssertJson(
            """
            [{"role":"user","content":[{"type":"text","text":"hi"}]},
             {"role":"assistant","content":[
               {"type":"thinking","thinking":"hm well","signature":"c2ln"},{"type":"redacted_thinking","data":"cmVk"},
               {"type":"text","text":"calling"},
               {"type":"tool_use","id":"toolu_1","name":"f","input":{"x": 1}},{"type":"tool_use","id":"toolu_2","name":"g","input":{}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"one"},{"type":"tool_result","tool_use_id":"toolu_2","content":"two"}]}]
            """,
            body.GetProperty("messages"));
    }

    [Fact]
    public async Task Thinking_sealed_by_others_stays_away_and_ours_stays_away_from_others()
    {
        await using var claude = await ModelHarness.StartAsync(Api);
        await using var openAI = await ModelHarness.StartAsync("openai-responses");
        var thinking = await claude.Events(ThoughtfulCall).AskAsync();
        var ours = thinking.Messages[0].Contents.OfType<TextReasoningContent>().Single().ProtectedData!;
        ChatMessage[] History(params string[] seals) =>
        [
            new(ChatRole.User, "hi"),
            new(ChatRole.Assistant,
                [.. seals.Select(seal => new TextReasoningContent("t") { ProtectedData = seal }), new RawFunctionCall("c", "f", "{}")]),
            new(ChatRole.Tool, [new FunctionResultContent("c", "1")]),
        ];

        await claude.Client.GetResponseAsync(
            History("gAAAA", "claude-thinking:!", "claude-thinking:e30"),
            new ModelOptions { ModelId = "claude-sonnet-4-5", ReasoningEffort = "low" });
        await openAI.Client.GetResponseAsync(History(ours));

        Assert.Equal("tool_use", claude.Upstream.Requests[1].Body.GetProperty("messages")[1].GetProperty("content")[0].GetProperty(
            "type").GetString());
        Assert.False(claude.Upstream.Requests[1].Body.TryGetProperty("thinking", out _)); // a turn that began without goes on without
        Assert.DoesNotContain("claude-thinking", openAI.Upstream.Requests[0].Body.GetRawText());
    }

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("pause_turn", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("tool_use", "tool_calls")]
    [InlineData("refusal", "content_filter")]
    public async Task The_reason_to_stop_is_put_in_our_words(string reason, string finish)
    {
        await using var models = await ModelHarness.StartAsync(Api);
        models.Events(Start, "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + reason + "\"},\"usage\":{\"output_tokens\":1}}",
            Stop);

        Assert.Equal(finish, (await models.AskAsync()).FinishReason!.Value.Value);
    }

    [Fact]
    public async Task A_server_that_does_not_stream_is_read_whole()
    {
        await using var models = await ModelHarness.StartAsync(Api);
        models.Upstream.NextStatus(200, """
            {"id":"m","type":"message","role":"assistant","model":"x","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"a"},
              {"type":"tool_use","id":"t","name":"f","input":{"x":1}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}
            """);

        var unsigned = SealedThinking.Seal([new ThinkingBlock("hm")]);
        Assert.Equal(
            $"thought:hm|sealed:{unsigned}|text:a|call:0/t/f/|call:0/{{\"x\":1}}|usage:3",
            CompletionsStreamTests.Describe(await models.StreamAsync()));
    }

    [Theory, Trait("Feature", "R17")]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", "upstream_overloaded")]
    [InlineData("""{"type":"error","error":{"type":"api_error","message":"x"}}""", "upstream_interrupted")]
    [InlineData("""{"type":"error","error":{"type":"rate_limit_error","message":"x"}}""", "upstream_rate_limited")]
    [InlineData("""{"type":"error","error":{"type":"billing_error","message":"x"}}""", "insufficient_quota")]
    [InlineData("""{"type":"content_block_delta","index":7,"delta":{"type":"text_delta","text":"x"}}""", "upstream_protocol")]
    [InlineData("""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t"}}""", "upstream_protocol")]
    [InlineData("""{"type":"message_stop"}""", "upstream_protocol")] // without a reason
    [InlineData("""not json""", "upstream_protocol")]
    public async Task An_error_inside_the_stream_ends_it_with_its_own_code(string data, string code)
    {
        await using var models = await ModelHarness.StartAsync(Api);
        models.Events([Start, .. data.Split('|')]);

        Assert.Equal(code, (await models.FailAsync()).Code);
    }

    [Theory]
    [InlineData(400, "invalid_request_error", "max_tokens: must be positive", 400, "upstream_rejected")]
    [InlineData(400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum", 400, "context_length_exceeded")]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the Claude API.", 429, "insufficient_quota")]
    [InlineData(401, "authentication_error", "invalid x-api-key", 502, "upstream_authentication")]
    [InlineData(403, "permission_error", "x", 502, "upstream_permission")]
    [InlineData(404, "not_found_error", "model: claude-nope", 404, "model_not_found")]
    [InlineData(413, "request_too_large", "x", 413, "upstream_request_too_large")]
    [InlineData(429, "rate_limit_error", "x", 429, "upstream_rate_limited")]
    [InlineData(500, "api_error", "x", 502, "upstream_unavailable")]
    [InlineData(529, "overloaded_error", "Overloaded", 503, "upstream_overloaded")]
    public async Task A_refusal_is_worded_by_the_gateway(int status, string type, string message, int ours, string code)
    {
        await using var models = await ModelHarness.StartAsync(Api);
        models.Upstream.Always(call => call.RespondAsync(
            status, $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}} sk-test-upstream"},"request_id":"req_1"}"""));

        var error = await models.FailAsync();

        Assert.Equal((ours, code), (error.Status, error.Code));
        Assert.Equal(status is 429 or >= 500 ? 3 : 1, models.Upstream.Requests.Count);
        Assert.DoesNotContain(models.Logs, line => line.Contains("sk-test-upstream", StringComparison.Ordinal));
    }
}
