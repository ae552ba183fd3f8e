using Microsoft.Extensions.AI;
using OpenClaw.Models;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

/// <summary>Events that servers leave out of streams of Responses and Messages.</summary>
public class MissingEventTests
{
    private const string Responses = "openai-responses";
    private const string Messages = "anthropic-messages";
    private const string MessageStart = """{"type":"message_start","message":{"id":"m"}}""";
    private const string TextStart = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";

    [Theory]
    [InlineData("""{"type":"response.output_item.added","output_index":0,"item":{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":""}}|{"type":"response.function_call_arguments.done","output_index":0,"item_id":"fc","arguments":"{\"a\":1}"}|{"type":"response.completed","response":{"output":[]}}""")]
    [InlineData("""{"type":"response.output_item.added","output_index":0,"item":{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":""}}|{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{\"a\""}|{"type":"response.completed","response":{"output":[{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"}]}}""")]
    [InlineData("""{"type":"response.completed","response":{"output":[{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"}]}}""")]
    [InlineData("""{"type":"response.function_call_arguments.delta","item_id":"fc","delta":"{\"a\":1}"}|{"type":"response.output_item.done","item":{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"}}|[DONE]""")]
    public async Task Arguments_are_taken_from_any_event_that_has_them(string events)
    {
        await using var models = await ModelHarness.StartAsync(Responses);

        var answer = await models.Events(events.Split('|')).AskAsync();

        var call = Assert.Single(answer.Messages[0].Contents.OfType<RawFunctionCall>());
        Assert.Equal(("c", "f", "{\"a\":1}"), (call.CallId, call.Name, call.ArgumentsText));
        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
    }

    [Theory]
    [InlineData("""{"type":"response.output_text.done","output_index":0,"text":"fine"}|{"type":"response.completed","response":{}}""", "fine")]
    [InlineData("""{"type":"response.output_text.delta","output_index":0,"delta":"fi"}|{"type":"response.content_part.done","output_index":0,"part":{"type":"output_text","text":"fine"}}|{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"fine"}]}}|{"type":"response.completed","response":{}}""", "fine")]
    [InlineData("""{"type":"response.completed","response":{"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":"b"}]}]}}""", "hm|a|b")]
    [InlineData("""{"type":"response.output_text.delta","output_index":0,"delta":" fine "}|{"type":"response.completed","response":{"output":[{"type":"message","content":[{"type":"output_text","text":"fine"}]}]}}""", " fine ")]
    public async Task Texts_are_taken_from_any_event_that_has_them_and_never_twice(string events, string expected)
    {
        await using var models = await ModelHarness.StartAsync(Responses);

        var answer = await models.Events(events.Split('|')).AskAsync();

        Assert.Equal(expected, string.Join('|', answer.Messages[0].Contents.Select(content => content switch
        {
            TextReasoningContent reasoning => reasoning.Text,
            RefusalDelta refusal => refusal.Text,
            _ => content.ToString(),
        })));
    }

    [Theory]
    [InlineData("""{"type":"message_stop"}""")]
    [InlineData("[DONE]")]
    [InlineData("")]
    public async Task Blocks_and_messages_without_an_end_of_their_own_end_with_the_reason_to_stop(string end)
    {
        await using var models = await ModelHarness.StartAsync(Messages);
        models.Events([
            MessageStart, TextStart, """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Let me look."}}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"g","input":{}}}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""", .. end.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        var answer = await models.AskAsync();

        var calls = answer.Messages[0].Contents.OfType<RawFunctionCall>().ToList();
        Assert.Equal("Let me look.", answer.Text);
        Assert.Equal([("f", "{\"a\":1}"), ("g", "{}")], calls.Select(call => (call.Name, call.ArgumentsText)));
        Assert.NotEqual(calls[0].CallId, calls[1].CallId);
    }

    [Fact]
    public async Task A_message_that_stops_without_a_reason_has_ended_if_its_calls_are_whole()
    {
        await using var models = await ModelHarness.StartAsync(Messages);
        const string Call = """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}""";
        const string Half = """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""";
        const string Rest = """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}""";
        const string Stop = """{"type":"message_stop"}""";

        Assert.Equal(ChatFinishReason.ToolCalls, (await models.Events(MessageStart, Call, Half, Rest, Stop).AskAsync()).FinishReason);
        models.Events(MessageStart, Call, Half, Stop);
        Assert.Equal("upstream_interrupted", (await models.FailAsync()).Code);
    }
}
