using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Models;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class ResponsesClientTests
{
    private const string Api = "openai-responses";

    [Fact]
    public async Task A_conversation_becomes_input_items_with_store_false()
    {
        await using var models = await ModelHarness.StartAsync(Api);
        var options = new ModelOptions
        {
            Instructions = "be brief",
            Temperature = 0.5f,
            MaxOutputTokens = 99,
            ReasoningEffort = "low",
            ReasoningSummary = "auto",
            Verbosity = "low",
            StrictSchema = true,
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("{}"), "n"),
            PromptCacheKey = "k",
            AllowMultipleToolCalls = true,
            ToolMode = ChatToolMode.RequireSpecific("f"),
            Tools = [new FunctionTool("f", "F", null, null)],
        };
        ChatMessage[] messages =
        [
            new(new ChatRole("developer"), "dev"),
            new(ChatRole.User, [new TextContent("look"), new DataContent("data:image/png;base64,iVBORw0KGgo=")]),
            new(ChatRole.Assistant,
            [
                new TextReasoningContent("") { ProtectedData = "sealed" },
                new TextReasoningContent("cannot be given back"),
                new TextContent("calling"),
                new RawFunctionCall("c1", "f", "{"),
            ]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "one")]),
            new(ChatRole.Tool, [new FunctionResultContent(
                "c2", new AIContent[] { new TextContent("two"), new UriContent("https://example.com/a.png", "image/*") })]),
            new(ChatRole.Assistant, "done") { AdditionalProperties = new() { [ModelProperties.Phase] = "final_answer" } },
        ];

        await models.Client.GetResponseAsync(messages, options);

        var request = models.Upstream.Requests[0];
        Assert.Equal("/v1/responses", request.Path);
        CompletionsRequestTests.AssertJson(
            """
            {"model":"test-model","instructions":"be brief","input":[
              {"type":"message","role":"developer","content":[{"type":"input_text","text":"dev"}]},
              {"type":"message","role":"user","content":[{"type":"input_text","text":"look"},
                {"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"auto"}]},
              {"type":"reasoning","summary":[],"encrypted_content":"sealed"},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"calling"}]},
              {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"malformed_arguments\":\"{\"}"},
              {"type":"function_call_output","call_id":"c1","output":"one"},
              {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"},
                {"type":"input_image","image_url":"https://example.com/a.png","detail":"auto"}]},
              {"type":"message","role":"assistant","phase":"final_answer","content":[{"type":"output_text","text":"done"}]}],
             "stream":true,"store":false,"include":["reasoning.encrypted_content"],"temperature":0.5,"max_output_tokens":99,
             "prompt_cache_key":"k","reasoning":{"effort":"low","summary":"auto"},
             "tools":[{"type":"function","name":"f","description":"F","parameters":{"type":"object","properties":{}},"strict":false}],
             "parallel_tool_calls":true,"tool_choice":{"type":"function","name":"f"},
             "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{},"strict":true}}}
            """,
            request.Body);
    }

    [Fact]
    public async Task Models_that_do_not_reason_are_not_asked_for_reasoning()
    {
        await using var models = await ModelHarness.StartAsync(Api);
        await models.AskAsync(options: new ChatOptions { ModelId = "gpt-4o" });

        Assert.False(models.Upstream.Requests[0].Body.TryGetProperty("include", out _));
    }

    [Fact]
    public async Task Text_is_streamed_and_counted()
    {
        await using var models = await ModelHarness.StartAsync(Api);

        var updates = await models.StreamAsync("one two");

        Assert.Equal("text:one|text: two|usage:5", CompletionsStreamTests.Describe(updates));
        Assert.Equal((ChatFinishReason.Stop, "resp_mock", "test-model"), (
            updates[^1].FinishReason, updates[^1].ResponseId, updates[^1].ModelId));
    }

    [Fact]
    public async Task Reasoning_refusals_and_calls_are_streamed_too()
    {
        await using var models = await ModelHarness.StartAsync(Api);
        models.Events(
            """{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs"}}""",
            """{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"sum"}""",
            """{"type":"response.reasoning_text.delta","output_index":0,"delta":"raw"}""",
            """{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"sum"}],"encrypted_content":"sealed"}}""",
            """{"type":"response.refusal.delta","output_index":1,"delta":"no"}""",
            """{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","id":"fc","call_id":"a","name":"f","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","output_index":2,"delta":"{\"x\""}""",
            """{"type":"response.function_call_arguments.delta","output_index":2,"delta":":1}"}""",
            """{"type":"response.function_call_arguments.done","output_index":2,"arguments":"{\"x\":1}"}""",
            """{"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","id":"fc","call_id":"a","name":"f","arguments":"{\"x\":1}"}}""",
            """{"type":"response.output_item.done","output_index":3,"item":{"type":"function_call","id":"fd","call_id":"b","name":"g","arguments":"{}"}}""",
            """{"type":"some.future.event","output_index":"not a number"}""",
            """{"response":{"id":"r","usage":{"input_tokens":1,"output_tokens":2,"output_tokens_details":{"reasoning_tokens":2}}},"type":"response.completed"}""");

        var updates = await models.StreamAsync();

        Assert.Equal(
            "summary:sum|thought:raw|sealed:sealed|refusal:no|call:0/a/f/|call:0/{\"x\"|call:0/:1}|call:1/b/g/|call:1/{}|usage:3",
            CompletionsStreamTests.Describe(updates));
        Assert.Equal(ChatFinishReason.ToolCalls, updates[^1].FinishReason);
    }

    [Theory]
    [InlineData("max_output_tokens", "length")]
    [InlineData("content_filter", "content_filter")]
    public async Task An_incomplete_response_says_why(string reason, string finish)
    {
        await using var models = await ModelHarness.StartAsync(Api);
        models.Events("{\"type\":\"response.incomplete\",\"response\":{\"id\":\"r\",\"incomplete_details\":{\"reason\":\"" + reason + "\"}}}");

        Assert.Equal(finish, (await models.AskAsync()).FinishReason!.Value.Value);
    }

    [Fact]
    public async Task A_provider_that_does_not_stream_is_read_whole()
    {
        await using var models = await ModelHarness.StartAsync(Api);
        models.Upstream.NextStatus(200, """
            {"id":"r","model":"m","status":"completed","error":null,"incomplete_details":null,"output":[
              {"type":"message","content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":"b"}]},
              {"type":"function_call","call_id":"c","name":"f","arguments":"{}"}],"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}}
            """);

        Assert.Equal("text:a|refusal:b|call:0/c/f/|call:0/{}|usage:3", CompletionsStreamTests.Describe(await models.StreamAsync()));
    }

    [Fact]
    public async Task A_whole_response_that_failed_is_an_error()
    {
        await using var models = await ModelHarness.StartAsync(Api);
        models.Upstream.NextStatus(
            200, """{"id":"r","status":"failed","error":{"code":"rate_limit_exceeded","message":"x"},"output":[]}""");

        Assert.Equal("upstream_rate_limited", (await models.FailAsync()).Code);
    }
}
