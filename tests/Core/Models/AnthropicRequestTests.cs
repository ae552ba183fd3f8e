using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models;
using OpenClaw.Models.Anthropic;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class AnthropicRequestTests
{
    private const string Api = "anthropic-messages";
    private const string Png = "data:image/png;base64,iVBORw0KGgo=";

    private static readonly JsonElement Schema = JsonElement.Parse("""{"type":"object"}""");

    [Fact]
    public async Task A_request_carries_key_version_model_and_limit()
    {
        await using var models = await ModelHarness.StartAsync(Api);
        await models.AskAsync("héllo <b>");

        var request = models.Upstream.Requests[0];
        Assert.Equal(("POST", "/v1/messages"), (request.Method, request.Path));
        Assert.Equal("sk-test-upstream", request.Headers["x-api-key"]);
        Assert.Equal("2023-06-01", request.Headers["anthropic-version"]);
        Assert.False(request.Headers.ContainsKey("Authorization"));
        CompletionsRequestTests.AssertJson(
            """{"model":"test-model","max_tokens":8192,"stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"héllo <b>"}]}]}""",
            request.Body);
    }

    [Theory]
    [InlineData("/v1", "api-key", "x-api-key", "sk-test-upstream")]
    [InlineData("", null, "x-api-key", "sk-test-upstream")]
    [InlineData("/", "token", "Authorization", "Bearer sk-test-upstream")]
    public async Task The_base_url_may_end_before_the_version_and_the_key_may_be_a_token(
        string end, string? auth, string header, string value)
    {
        await using var models = await ModelHarness.StartAsync(
            Api, configure: provider => (provider.BaseUrl, provider.Auth) = (provider.BaseUrl![..^3] + end, auth));
        await models.AskAsync();

        Assert.Equal("/v1/messages", models.Upstream.Requests[0].Path);
        Assert.Equal(value, models.Upstream.Requests[0].Headers[header]);
    }

    [Fact]
    public void A_conversation_becomes_turns_that_alternate() => CompletionsRequestTests.AssertJson(
        """
        {"model":"claude-sonnet-4-5","max_tokens":99,"stream":true,"system":"be brief\n\ndev\n\nlate",
         "messages":[
          {"role":"user","content":[{"type":"text","text":"look"},
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},
            {"type":"image","source":{"type":"url","url":"https://example.com/a.png"}},
            {"type":"text","text":"again"}]},
          {"role":"assistant","content":[{"type":"text","text":"calling"},
            {"type":"tool_use","id":"c1","name":"f","input":{"a": 1.50}},
            {"type":"tool_use","id":"functions_g_0","name":"g","input":{"malformed_arguments":"{\"s\":"}},
            {"type":"tool_use","id":"c3","name":"h","input":{}}]},
          {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"c1","content":"one"},
            {"type":"tool_result","tool_use_id":"functions_g_0","content":[{"type":"text","text":"two"},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]},
            {"type":"tool_result","tool_use_id":"c3","content":""},
            {"type":"text","text":"and now?"}]},
          {"role":"assistant","content":[{"type":"text","text":"no"}]}]}
        """,
        Write(
            "claude-sonnet-4-5",
            new ChatOptions { Instructions = "be brief", MaxOutputTokens = 99 },
            new ChatMessage(new ChatRole("developer"), "dev"),
            new ChatMessage(ChatRole.User,
                [new TextContent("look"), new DataContent(Png), new UriContent("https://example.com/a.png", "image/*")]),
            new ChatMessage(ChatRole.User, "again"),
            new ChatMessage(ChatRole.Assistant,
                [new TextReasoningContent("hm"), new TextContent(" "), new TextContent("calling"), new RawFunctionCall(
                "c1", "f", "{\"a\": 1.50}")]),
            new ChatMessage(ChatRole.Assistant, [new RawFunctionCall("functions.g:0", "g", "{\"s\":"), new RawFunctionCall("c3", "h", "")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "one")]),
            new ChatMessage(ChatRole.User, "and now?"),
            new ChatMessage(ChatRole.Tool,
                [new FunctionResultContent("functions.g:0", new AIContent[] { new TextContent("two"), new DataContent(Png) })]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c3", null)]),
            new ChatMessage(ChatRole.System, "late"),
            new ChatMessage(ChatRole.Assistant, ""),
            new ChatMessage(ChatRole.Assistant, [new RefusalDelta("no")])));

    [Fact]
    public void A_user_turn_opens_what_the_assistant_would() => CompletionsRequestTests.AssertJson(
        """[{"role":"user","content":[{"type":"text","text":"…"}]},{"role":"assistant","content":[{"type":"text","text":"Welcome"}]}]""",
        Write("claude-sonnet-4-5", null, new ChatMessage(ChatRole.Assistant, "Welcome")).GetProperty("messages"));

    [Fact]
    public void Every_option_that_exists_there_is_passed_on() => CompletionsRequestTests.AssertJson(
        """
        {"model":"claude-sonnet-4-5","max_tokens":32000,"stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],
         "temperature":1,"top_k":40,"stop_sequences":["a"],"metadata":{"user_id":"s"},
         "tools":[{"name":"f","description":"F","input_schema":{"type":"object","properties":{},"additionalProperties":false},"strict":true},
                  {"name":"g","input_schema":{"type":"object","properties":{}}}],
         "tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},
         "output_config":{"format":{"type":"json_schema","schema":{"type":"object","additionalProperties":false}}}}
        """,
        Write("claude-sonnet-4-5", new ModelOptions
        {
            Temperature = 1.5f,
            TopP = 0.9f,
            TopK = 40,
            Seed = 7,
            PresencePenalty = 1,
            StopSequences = ["a", "\n"],
            SafetyIdentifier = "s",
            ReasoningEffort = "high", // a forced call leaves no room to think
            AllowMultipleToolCalls = false,
            ToolMode = ChatToolMode.RequireSpecific("f"),
            ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, "n"),
            Tools = [new FunctionTool("f", "F", Schema, true), new FunctionTool("g", null, null, null)],
        }));

    [Theory]
    [InlineData("auto", null, """{"type":"auto"}""")]
    [InlineData("required", true, """{"type":"any"}""")]
    [InlineData("required", false, """{"type":"any","disable_parallel_tool_use":true}""")]
    [InlineData("none", false, """{"type":"none"}""")]
    [InlineData(null, false, """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData(null, null, null)]
    public void A_tool_choice_is_put_in_their_words(string? mode, bool? parallel, string? expected)
    {
        var options = new ChatOptions
        {
            ToolMode = mode switch
            {
                "auto" => ChatToolMode.Auto,
                "required" => ChatToolMode.RequireAny,
                "none" => ChatToolMode.None,
                _ =>
                null
            },
            AllowMultipleToolCalls = parallel,
            Tools = [new FunctionTool("f", null, null, null)],
        };

        Assert.Equal(expected, Write("m", options).TryGetProperty("tool_choice", out var choice) ? choice.GetRawText() : null);
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", "low", null, """{"type":"enabled","budget_tokens":2048}""", null)]
    [InlineData("claude-opus-4-20250514", "high", null, """{"type":"enabled","budget_tokens":16000}""", null)]
    [InlineData("claude-3-7-sonnet-latest", "medium", 4000, """{"type":"enabled","budget_tokens":2000}""", null)]
    [InlineData("claude-sonnet-4-5", "medium", 2000, null, null)]
    [InlineData("claude-3-5-haiku-latest", "high", null, null, null)]
    [InlineData("claude-sonnet-4-5", "none", null, null, null)]
    [InlineData("claude-opus-4-6", "minimal", null, """{"type":"adaptive","display":"summarized"}""", "low")]
    [InlineData("claude-opus-4-6", "xhigh", null, """{"type":"adaptive","display":"summarized"}""", "max")]
    [InlineData("anthropic/claude-opus-4.7", "xhigh", null, """{"type":"adaptive","display":"summarized"}""", "xhigh")]
    [InlineData("claude-sonnet-5", "medium", 500, """{"type":"adaptive","display":"summarized"}""", "medium")]
    public void An_effort_becomes_the_thinking_that_the_model_knows(
        string model, string effort, int? limit, string? thinking, string? level)
    {
        var body = Write(model, new ModelOptions { ReasoningEffort = effort, MaxOutputTokens = limit, Temperature = 0.5f });

        Assert.Equal(thinking, body.TryGetProperty("thinking", out var asked) ? asked.GetRawText() : null);
        Assert.Equal(level, body.TryGetProperty("output_config", out var config) ? config.GetProperty("effort").GetString() : null);
        Assert.Equal(thinking is null, body.TryGetProperty("temperature", out _)); // the two exclude each other
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", null, 32_000)]
    [InlineData("claude-3-5-sonnet-20241022", null, 8192)]
    [InlineData("claude-3-haiku-20240307", null, 4096)]
    [InlineData("kimi-k2", null, 8192)]
    [InlineData("claude-sonnet-4-5", 64_000, 64_000)]
    public void An_output_limit_is_always_sent(string model, int? configured, int expected) =>
        Assert.Equal(expected, Write(model, null, configured).GetProperty("max_tokens").GetInt32());

    [Fact]
    public void Json_is_asked_for_in_words_where_it_cannot_be_enforced()
    {
        var schema = new ChatOptions { Instructions = "x", ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema) };
        var plain = new ChatOptions { ResponseFormat = ChatResponseFormat.Json };

        Assert.Equal(
            "x\n\nAnswer with JSON that matches this JSON Schema, and with nothing else:\n{\"type\":\"object\"}",
            Write("claude-3-7-sonnet-latest", schema).GetProperty("system").GetString());
        Assert.Equal("Answer with one JSON object, and with nothing else.", Write("claude-sonnet-4-5", plain).GetProperty(
            "system").GetString());
    }

    [Theory]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("claude-opus-4-6")]
    [InlineData("kimi-k2")]
    public void System_messages_alone_get_a_user_message(string model) => CompletionsRequestTests.AssertJson(
        """[{"role":"user","content":[{"type":"text","text":"…"}]}]""",
        Write(model, null, new ChatMessage(ChatRole.System, "Say hi")).GetProperty("messages"));

    [Fact]
    public void White_space_at_the_end_of_the_last_answer_is_cut()
    {
        ChatMessage[] messages = [new(ChatRole.User, "hi "), new(ChatRole.Assistant, "The answer is:\n ")];
        var sent = Write("claude-sonnet-4-5", new ModelOptions { ReasoningEffort = "high" }, messages);

        CompletionsRequestTests.AssertJson(
            """
            [{"role":"user","content":[{"type":"text","text":"hi "}]},
             {"role":"assistant","content":[{"type":"text","text":"The answer is:"}]}]
            """,
            sent.GetProperty("messages"));
        Assert.False(sent.TryGetProperty("thinking", out _)); // it cannot think before words that stand already
    }

    [Fact]
    public void A_model_that_does_not_continue_its_own_answer_is_asked_to() => Assert.Equal(
        "Continue.",
        Write(
            "claude-opus-4-6", new ChatOptions(), new ChatMessage(ChatRole.User, "hi"),
            new ChatMessage(ChatRole.Assistant, "The answer is: "))
            .GetProperty("messages")[2]
            .GetProperty("content")[0].GetProperty("text").GetString());

    [Theory]
    [InlineData("claude-sonnet-4-5", 0)]
    [InlineData("kimi-k2", 1)]
    public void Thinking_without_a_signature_goes_back_to_models_that_sign_none(string model, int blocks)
    {
        var thinking = new TextReasoningContent("") { ProtectedData = SealedThinking.Seal([new ThinkingBlock("hm")]) };
        var sent = Write(model, new ChatOptions(), new ChatMessage(ChatRole.User, "hi"),
            new ChatMessage(ChatRole.Assistant, [thinking, new TextContent("hello")]), new ChatMessage(ChatRole.User, "and?"));

        Assert.Equal(blocks, sent.GetProperty("messages")[1].GetProperty("content").EnumerateArray()
            .Count(block => block.GetProperty("type").GetString() == "thinking"));
    }

    [Fact]
    public void A_schema_that_Claude_cannot_enforce_is_asked_for_in_words()
    {
        var open = JsonElement.Parse("""{"type":"object","additionalProperties":{"type":"string"}}""");
        var sent = Write("claude-sonnet-4-5", new ModelOptions
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(open),
            Tools = [new FunctionTool("f", null, open, true)],
        });

        Assert.False(sent.TryGetProperty("output_config", out _));
        Assert.Contains(open.GetRawText(), sent.GetProperty("system").GetString(), StringComparison.Ordinal);
        Assert.False(sent.GetProperty("tools")[0].TryGetProperty("strict", out _));
    }

    [Fact]
    public void Ids_that_differ_only_in_characters_that_are_refused_stay_apart()
    {
        var sent = Write("claude-sonnet-4-5", new ChatOptions(), new ChatMessage(ChatRole.User, "hi"),
            new ChatMessage(ChatRole.Assistant, [new RawFunctionCall("f.0", "f", "{}"), new RawFunctionCall("f:0", "f", "{}")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("f:0", "two")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("f.0", "one")]));

        HistoryRules.CheckMessages(sent, "claude-sonnet-4-5");
    }

    private static JsonElement Write(string model, ChatOptions? options, params ChatMessage[] messages) =>
        Write(model, options, null, messages);

    private static JsonElement Write(string model, ChatOptions? options, int? configured, params ChatMessage[] messages)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AnthropicRequest.Write(buffer, model, messages.Length > 0 ? messages : [new ChatMessage(ChatRole.User, "hi")], options, configured,
            new CompatSection());
        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
