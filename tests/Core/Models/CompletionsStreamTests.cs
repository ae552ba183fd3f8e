using System.Text;
using Microsoft.Extensions.AI;
using OpenClaw.Models;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class CompletionsStreamTests
{
    private const string Stop = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    [Fact]
    public async Task Text_arrives_piece_by_piece_while_the_model_writes()
    {
        await using var models = await ModelHarness.StartAsync();
        var gate = new TaskCompletionSource();
        models.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("Hel");
            await gate.Task;
            await call.SendDeltaAsync("lo");
            await call.FinishAsync();
        });

        await using var updates = models.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")]).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal("Hel", updates.Current.Text);
        gate.SetResult();
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal("lo", updates.Current.Text);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(ChatFinishReason.Stop, updates.Current.FinishReason);
        Assert.Equal(5, Assert.IsType<UsageContent>(Assert.Single(updates.Current.Contents)).Details.TotalTokenCount);
        Assert.Equal(("chatcmpl-mock", "test-model"), (updates.Current.ResponseId, updates.Current.ModelId));
        Assert.False(await updates.MoveNextAsync());
    }

    [Fact]
    public async Task A_whole_answer_is_the_fold_of_the_stream()
    {
        await using var models = await ModelHarness.StartAsync();

        var answer = await models.AskAsync("one two three");

        Assert.Equal("one two three", answer.Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal((3, 2), (answer.Usage!.InputTokenCount, answer.Usage.OutputTokenCount));
    }

    [Theory]
    [InlineData("""{"content":"a"}""", "text:a")]
    [InlineData("""{"role":"assistant","content":null,"refusal":null}""", "")]
    [InlineData("""{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""", "text:a|text:b")]
    [InlineData("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}""", "thought:hm")]
    [InlineData("""{"refusal":"no"}""", "refusal:no")]
    [InlineData("""{"reasoning_content":"hm"}""", "thought:hm")]
    [InlineData("""{"reasoning":"hm","reasoning_details":[{"text":"hm"}]}""", "thought:hm")]
    [InlineData("""{"reasoning":"hm","reasoning_content":"hm"}""", "thought:hm")]
    [InlineData("""{"unknown":{"a":[1,{"b":2}]},"content":"a"}""", "text:a")]
    [InlineData("""{"content":"half \ud83d pair"}""", "text:half \uFFFD pair")]
    [InlineData("""{"content":"\ud83d\ude00 \"q\" \n"}""", "text:😀 \"q\" \n")]
    [InlineData("""{"function_call":{"name":"f","arguments":"{}"}}""", "call:0/f/{}")]
    [InlineData("""{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}""",
        "call:0/c1/f/{\"a\":1}")]
    [InlineData("""{"tool_calls":[{"id":"c1","function":{"name":"f","arguments":{"a":1}}}]}""", "call:0/c1/f/{\"a\":1}")]
    [InlineData("""{"tool_calls":null,"content":"a"}""", "text:a")]
    public async Task A_delta_is_understood_in_every_shape_providers_send(string delta, string expected)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events($$"""{"id":"x","choices":[{"index":0,"delta":{{delta}}}]}""", Stop, "[DONE]");

        var updates = await models.StreamAsync();

        Assert.Equal(expected, Describe(updates.SkipLast(1)));
    }

    [Theory]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":""}}] [{"index":0,"function":{"arguments":"{\"x\""}}] [{"index":0,"function":{"arguments":":1}"}}]""", "f {\"x\":1}")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}] [{"index":0,"id":"a","function":{"name":"f","arguments":"}"}}]""", "f {}")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}] [{"index":1,"id":"b","function":{"name":"g","arguments":"2"}}] [{"index":0,"function":{"arguments":"1"}}]""", "f 11; g 2")]
    [InlineData("""[{"id":"a","function":{"name":"f","arguments":"1"}},{"id":"b","function":{"name":"f","arguments":"2"}}] [{"function":{"arguments":"2"}}]""", "f 1; f 22")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}] [{"index":0,"id":"b","function":{"name":"g","arguments":"2"}}]""", "f 1; g 2")]
    [InlineData("""[{"index":0,"id":"a","function":{"arguments":"1"}}] [{"index":0,"function":{"name":"f","arguments":"2"}}]""", "f 12")]
    [InlineData("""[{"index":0,"id":"","function":{"name":"f","arguments":"{}"}}]""", "f {}")]
    [InlineData("""[{"function":{"name":"f","arguments":"1"}},{"function":{"name":"g","arguments":"2"}}]""", "f 1; g 2")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":""}}] [{"index":1,"id":"b","function":{"name":"g","arguments":""}}] [{"index":0,"function":{"arguments":"{1}"}}] [{"index":1,"function":{"arguments":"{2}"}}]""", "f {1}; g {2}")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{1}"}}] [{"index":1,"id":"a","function":{"name":"f","arguments":"{2}"}}]""", "f {1}; f {2}")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{1}"}}] [{"index":0,"id":"a","function":{"name":"f","arguments":"{2}"}}]""", "f {1}; f {2}")]
    [InlineData("""[{"id":"a","function":{"name":"f","arguments":"{1}"}},{"id":"a","function":{"name":"f","arguments":"{2}"}}]""", "f {1}; f {2}")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{1}"}}] [{"index":0,"id":"a","function":{"name":"f","arguments":"{1}"}}]""", "f {1}")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}] [{"index":0,"id":"b","function":{"name":"g","arguments":"{"}}] [{"index":0,"id":"a","function":{"arguments":"1}"}}] [{"index":0,"id":"b","function":{"arguments":"2}"}}]""", "f {1}; g {2}")]
    public async Task Tool_calls_are_put_together_however_they_are_cut(string chunks, string expected)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events([.. chunks.Split("] [").Select(chunk => "[" + chunk.TrimStart('[').TrimEnd(']') + "]")
            .Select(calls => "{\"choices\":[{\"delta\":{\"tool_calls\":" + calls + "}}]}"), Stop]);

        var answer = await models.AskAsync();

        var calls = answer.Messages[0].Contents.OfType<RawFunctionCall>().ToList();
        Assert.Equal(expected, string.Join("; ", calls.Select(call => $"{call.Name} {call.ArgumentsText}")));
        Assert.All(calls, call => Assert.NotEmpty(call.CallId));
        Assert.Equal(calls.Count, calls.Select(call => call.CallId).Distinct().Count());
        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
    }

    [Theory, Trait("Feature", "F65")]
    [InlineData("""{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}""", 7, 5, 12, null, null)]
    [InlineData("""{"input_tokens":7,"output_tokens":5}""", 7, 5, 12, null, null)]
    [InlineData("""{"prompt_tokens":7,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":2,"x":[]}}""", 7, 5, 12, 3, 2)]
    [InlineData("""{"input_tokens":7,"input_tokens_details":{"cached_tokens":3},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":12}""", 7, 5, 12, 3, 2)]
    [InlineData("""{"prompt_tokens":7.0,"completion_tokens":5,"prompt_cache_hit_tokens":3,"prompt_tokens_details":null}""", 7, 5, 12, 3,
        null)]
    [InlineData("""{"input_tokens":7,"output_tokens":-5,"cache_read_input_tokens":3}""", 10, 0, 10, 3, null)]
    public async Task Token_counts_are_read_under_any_of_their_names(
        string usage, int input, int output, int total, int? cached, int? reasoning)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events($$"""{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{{usage}}}""",
            """{"choices":[],"usage":null}""", "[DONE]");

        var counted = (await models.AskAsync()).Usage!;

        Assert.Equal((input, output, total), (counted.InputTokenCount, counted.OutputTokenCount, counted.TotalTokenCount));
        Assert.Equal((cached, reasoning), ((int?)counted.CachedInputTokenCount, (int?)counted.ReasoningTokenCount));
    }

    [Theory]
    [InlineData("stop", "stop")]
    [InlineData("eos_token", "stop")]
    [InlineData("COMPLETE", "stop")]
    [InlineData("normal", "stop")]
    [InlineData("eos", "stop")]
    [InlineData("length", "length")]
    [InlineData("max_tokens", "length")]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("model_length", "length")]
    [InlineData("max_new_tokens", "length")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("content-filter", "content_filter")]
    [InlineData("sensitive", "content_filter")]
    [InlineData("SAFETY", "content_filter")]
    [InlineData("tool_use", "tool_calls")]
    [InlineData("function_call", "tool_calls")]
    public async Task Finish_reasons_are_normalised(string sent, string expected)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events($$"""{"choices":[{"delta":{"content":"a"},"finish_reason":"{{sent}}"}]}""");

        Assert.Equal(expected, (await models.AskAsync()).FinishReason!.Value.Value);
    }

    [Theory, Trait("Feature", "R17")]
    [InlineData("insufficient_system_resource")]
    [InlineData("network_error")]
    [InlineData("error")]
    [InlineData("abort")]
    [InlineData("upstream_timeout")]
    [InlineData("MALFORMED_FUNCTION_CALL")]
    [InlineData("a word that says nothing")]
    public async Task A_finish_reason_that_is_none_of_a_whole_answer_is_a_failure(string sent)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events($$"""{"choices":[{"delta":{"content":"a"},"finish_reason":"{{sent}}"}]}""", "[DONE]");

        Assert.Equal("upstream_interrupted", (await models.FailAsync()).Code);
        Assert.Contains(models.Logs, line => line.Contains(sent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keep_alives_carriage_returns_and_other_choices_change_nothing()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Next(async call =>
        {
            await call.StartStreamAsync("text/plain");
            await call.SendRawAsync(": OPENROUTER PROCESSING\r\n\r\nevent: ping\r\n\r\n");
            await call.SendRawAsync("data: {\"choices\":[],\"prompt_filter_results\":[]}\r\n\r\n");
            await call.SendRawAsync(
                "data: {\"choices\":[{\"delta\":{\"content\":\"other\"},\"index\":1,\"finish_reason\":\"length\"}]}\r\n\r\n");
            await call.SendRawAsync(
                "data:{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"mine\"},\"finish_reason\":\"stop\"}]}\r\n\r\n");
        });

        var answer = await models.AskAsync();

        Assert.Equal(("mine", ChatFinishReason.Stop), (answer.Text, answer.FinishReason));
    }

    [Fact]
    public async Task A_provider_that_does_not_stream_is_read_whole()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Next(call => call.RespondAsync(200, """
            {"id":"x","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":"a",
            "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}
            """, "application/json; charset=utf-8"));

        var answer = await models.AskAsync();

        Assert.Equal(("a", "x", 3), (answer.Text, answer.ResponseId, answer.Usage!.TotalTokenCount));
        Assert.Equal("f", Assert.Single(answer.Messages[0].Contents.OfType<RawFunctionCall>()).Name);
    }

    [Fact]
    public async Task Two_calls_of_a_whole_answer_may_have_one_id()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(200, """
            {"choices":[{"index":0,"finish_reason":"tool_calls","message":{"tool_calls":[
              {"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
              {"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":2}"}}]}}]}
            """);

        var calls = (await models.AskAsync()).Messages[0].Contents.OfType<RawFunctionCall>().ToList();

        Assert.Equal(["{\"a\":1}", "{\"a\":2}"], calls.Select(call => call.ArgumentsText));
        Assert.Equal("c", calls[0].CallId);
        Assert.NotEqual("c", calls[1].CallId);
    }

    [Fact]
    public async Task After_the_finish_reason_a_provider_may_stay_silent()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("a");
            await call.SendEventAsync(Stop);
            await call.HangAsync();
        });

        var answer = models.AskAsync();
        await models.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(5)).WaitAsync(ModelHarness.Patience);
        models.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("a", (await answer.WaitAsync(ModelHarness.Patience)).Text);
    }

    internal static string Describe(IEnumerable<ChatResponseUpdate> updates)
    {
        var line = new StringBuilder();
        foreach (var content in updates.SelectMany(update => update.Contents))
        {
            line.Append(line.Length > 0 ? "|" : "").Append(content switch
            {
                TextContent text => $"text:{text.Text}",
                TextReasoningContent { ProtectedData: { } data, Text.Length: 0 } => $"sealed:{data}",
                TextReasoningContent thought => $"{(thought.IsSummary() ? "summary" : "thought")}:{thought.Text}",
                RefusalDelta refusal => $"refusal:{refusal.Text}",
                ToolCallDelta { CallId: null } call => $"call:{call.Index}/{call.Arguments}",
                ToolCallDelta { CallId: ['c', 'a', 'l', 'l', '_', ..] } call => $"call:{call.Index}/{call.Name}/{call.Arguments}",
                ToolCallDelta call => $"call:{call.Index}/{call.CallId}/{call.Name}/{call.Arguments}",
                UsageContent usage => $"usage:{usage.Details.TotalTokenCount}",
                _ => content.GetType().Name,
            });
        }

        return line.ToString();
    }
}
