using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models;
using OpenClaw.Models.Completions;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class CompletionsRequestTests
{
    private const string Png = "data:image/png;base64,iVBORw0KGgo=";

    [Fact]
    public async Task A_request_carries_credentials_model_and_stream_options()
    {
        await using var models = await ModelHarness.StartAsync();
        await models.AskAsync("héllo <b>");

        var request = models.Upstream.Requests[0];
        Assert.Equal(("POST", "/v1/chat/completions"), (request.Method, request.Path));
        Assert.Equal("Bearer sk-test-upstream", request.Headers["Authorization"]);
        Assert.StartsWith("openclaw-functions/", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.True(request.Headers.ContainsKey("Content-Length"));
        AssertJson(
            """{"model":"test-model","messages":[{"role":"user","content":"héllo <b>"}],"stream":true,"stream_options":{"include_usage":true}}""",
            request.Body);
    }

    [Fact]
    public void Every_kind_of_message_has_its_place() => AssertJson(
        """
        [{"role":"system","content":"be brief"},
         {"role":"developer","content":"dev"},
         {"role":"user","name":"ann","content":"hi"},
         {"role":"user","content":[{"type":"text","text":"look"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}},
            {"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]},
         {"role":"assistant","content":null,"tool_calls":[
            {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"malformed_arguments\":\"{\\\"a\\\": 1\"}"}},
            {"id":"c2","type":"function","function":{"name":"g","arguments":"{\"s\":\"x\",\"n\":2}"}}]},
         {"role":"tool","tool_call_id":"c1","content":"one"},
         {"role":"tool","tool_call_id":"c2","content":"two"},
         {"role":"user","content":[{"type":"text","text":"What the tool g returned:"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},
         {"role":"assistant","content":"done"},
         {"role":"assistant","content":null,"refusal":"no"}]
        """,
        Write(
            new ChatOptions { Instructions = "be brief" },
            isOpenAI: true,
            new ChatMessage(new ChatRole("developer"), "dev"),
            new ChatMessage(ChatRole.User, "hi") { AuthorName = "ann" },
            new ChatMessage(ChatRole.User,
            [
                new TextContent("look"),
                new DataContent(Png) { AdditionalProperties = new() { [ModelProperties.Detail] = "low" } },
                new UriContent("https://example.com/a.png", "image/*"),
            ]),
            new ChatMessage(ChatRole.Assistant,
            [
                new TextReasoningContent("hm"),
                new RawFunctionCall("c1", "f", "{\"a\": 1"),
                new FunctionCallContent("c2", "g", new Dictionary<string, object?> { ["s"] = "x", ["n"] = 2 }),
            ]),
            new ChatMessage(ChatRole.Tool,
            [
                new FunctionResultContent("c1", "one"),
                new FunctionResultContent("c2", new AIContent[] { new TextContent("two"), new DataContent(Png) }),
            ]),
            new ChatMessage(ChatRole.Assistant, "done"),
            new ChatMessage(ChatRole.Assistant, [new RefusalDelta("no")])).GetProperty("messages"));

    [Fact]
    public void Every_option_is_passed_on()
    {
        var body = Write(
            new ModelOptions
            {
                Temperature = 0.7f,
                TopP = 0.9f,
                TopK = 40,
                PresencePenalty = -1,
                FrequencyPenalty = 0.5f,
                Seed = 7,
                MaxOutputTokens = 99,
                StopSequences = ["a", "b"],
                ReasoningEffort = "low",
                Verbosity = "high",
                ServiceTier = "flex",
                PromptCacheKey = "k",
                SafetyIdentifier = "s",
                AdditionalProperties = new() { [ModelProperties.User] = "u" },
                AllowMultipleToolCalls = false, // without tools it would be refused
            },
            isOpenAI: false,
            new ChatMessage(ChatRole.User, "hi"));

        AssertJson(
            """
            {"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true},
             "temperature":0.7,"top_p":0.9,"presence_penalty":-1,"frequency_penalty":0.5,"seed":7,"max_tokens":99,"top_k":40,
             "stop":["a","b"],"user":"u","reasoning_effort":"low","verbosity":"high","service_tier":"flex",
             "prompt_cache_key":"k","safety_identifier":"s"}
            """,
            body);
    }

    [Fact]
    public void Compatible_servers_are_spared_what_only_OpenAI_knows()
    {
        var options = new ChatOptions { MaxOutputTokens = 5, TopK = 3 };
        ChatMessage[] messages = [new(new ChatRole("developer"), "dev")];

        var openAI = Write(options, isOpenAI: true, messages);
        Assert.Equal(5, openAI.GetProperty("max_completion_tokens").GetInt32());
        Assert.Equal("developer", openAI.GetProperty("messages")[0].GetProperty("role").GetString());
        Assert.False(openAI.TryGetProperty("max_tokens", out _) || openAI.TryGetProperty("top_k", out _));

        var compatible = Write(options, isOpenAI: false, messages);
        Assert.Equal(5, compatible.GetProperty("max_tokens").GetInt32());
        Assert.Equal("system", compatible.GetProperty("messages")[0].GetProperty("role").GetString());
        Assert.False(compatible.TryGetProperty("max_completion_tokens", out _));
    }

    [Fact]
    public void Tools_keep_what_the_caller_declared()
    {
        var schema = JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""");
        var body = Write(
            new ChatOptions
            {
                Tools = [new FunctionTool("get_weather", "Weather", schema, true), new FunctionTool("ping", null, null, null)],
                AllowMultipleToolCalls = false,
            },
            isOpenAI: false,
            new ChatMessage(ChatRole.User, "hi"));

        AssertJson(
            """
            [{"type":"function","function":{"name":"get_weather","description":"Weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":true}},
             {"type":"function","function":{"name":"ping"}}]
            """,
            body.GetProperty("tools"));
        Assert.False(body.GetProperty("parallel_tool_calls").GetBoolean());
        Assert.False(body.TryGetProperty("tool_choice", out _));
    }

    [Theory]
    [InlineData("none", "\"none\"")]
    [InlineData("auto", "\"auto\"")]
    [InlineData("required", "\"required\"")]
    [InlineData("ping", """{"type":"function","function":{"name":"ping"}}""")]
    public void A_tool_choice_is_passed_on_in_every_form(string choice, string expected)
    {
        var body = Write(
            new ChatOptions { Tools = [new FunctionTool("ping", null, null, null)], ToolMode = Mode(choice) },
            isOpenAI: false,
            new ChatMessage(ChatRole.User, "hi"));

        AssertJson(expected, body.GetProperty("tool_choice"));
    }

    [Fact]
    public void A_response_format_is_passed_on()
    {
        var schema = JsonElement.Parse("""{"type":"object"}""");
        AssertJson("""{"type":"json_object"}""", Format(ChatResponseFormat.Json));
        AssertJson(
            """{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{"type":"object"},"strict":true}}""",
            Format(ChatResponseFormat.ForJsonSchema(schema, "n", "d")));

        static JsonElement Format(ChatResponseFormat format) =>
            Write(new ModelOptions { ResponseFormat = format, StrictSchema = true }, false, new ChatMessage(ChatRole.User, "hi"))
                .GetProperty("response_format");
    }

    internal static ChatToolMode Mode(string choice) => choice switch
    {
        "none" => ChatToolMode.None,
        "auto" => ChatToolMode.Auto,
        "required" => ChatToolMode.RequireAny,
        _ => ChatToolMode.RequireSpecific(choice),
    };

    internal static void AssertJson(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), actual.GetRawText());

    internal static CompletionsDialect Dialect(string host, string model = "m", CompatSection? compat = null) =>
        CompletionsDialect.Of("mock", host, isAzure: false, model, compat ?? new CompatSection());

    private static JsonElement Write(ChatOptions options, bool isOpenAI, params ChatMessage[] messages)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        CompletionsRequest.Write(buffer, "m", messages, options, Dialect(isOpenAI ? "api.openai.com" : "127.0.0.1"));
        Assert.DoesNotContain("\\u00", Encoding.UTF8.GetString(buffer.WrittenSpan), StringComparison.Ordinal);
        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
