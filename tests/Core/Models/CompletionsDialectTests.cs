using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models;
using OpenClaw.Models.Completions;
using Xunit;
using static OpenClaw.Tests.Core.Models.CompletionsRequestTests;

namespace OpenClaw.Tests.Core.Models;

/// <summary>What the servers of chat completions accept and require, by host, model and configuration.</summary>
public class CompletionsDialectTests
{
    private static readonly ChatMessage[] Hi = [new(ChatRole.User, "hi")];

    private static readonly ChatMessage[] Loop =
    [
        new(ChatRole.User, "hi"),
        new(ChatRole.Assistant, [new TextReasoningContent("hm"), new RawFunctionCall("call_1", "f", "{}")]),
        new(ChatRole.Tool, [new FunctionResultContent("call_1", "rain")]),
        new(ChatRole.User, "and?"),
    ];

    [Theory]
    [InlineData("127.0.0.1", "gpt-5-mini", "max_completion_tokens")]
    [InlineData("gateway.ai.cloudflare.com", "openai/o3-mini", "max_completion_tokens")]
    [InlineData("api.openai.com", "gpt-4o", "max_completion_tokens")]
    [InlineData("name.openai.azure.com", "my-deployment", "max_completion_tokens")]
    [InlineData("127.0.0.1", "gpt-4o", "max_tokens")]
    [InlineData("127.0.0.1", "gpt-oss-120b", "max_tokens")]
    [InlineData("127.0.0.1", "gpt-35-turbo", "max_tokens")]
    [InlineData("notapi.openai.com.example.com", "olmo-3", "max_tokens")]
    public void The_limit_of_tokens_has_the_name_that_the_model_takes(string host, string model, string field)
    {
        var body = Write(host, model, Hi, new ChatOptions { MaxOutputTokens = 50 });

        Assert.Equal([field], body.EnumerateObject().Where(f => f.Name.StartsWith("max_", StringComparison.Ordinal)).Select(f => f.Name));
        Assert.Equal(50, body.GetProperty(field).GetInt32());
    }

    [Theory]
    [InlineData("o4-mini", null, false)]
    [InlineData("gpt-5", null, false)]
    [InlineData("gpt-5-chat-latest", null, true)]
    [InlineData("gpt-5.2", null, true)]
    [InlineData("gpt-5.2", "none", true)]
    [InlineData("gpt-5.2", "high", false)]
    [InlineData("gpt-5.2-codex", null, false)]
    [InlineData("gpt-4.1", "high", true)]
    [InlineData("llama-4", "high", true)]
    public void Models_that_reason_are_spared_the_sampling_that_they_refuse(string model, string? effort, bool isSent)
    {
        var options = new ModelOptions { Temperature = 0.5f, TopP = 0.5f, PresencePenalty = 1, ReasoningEffort = effort };

        Assert.Equal(isSent ? 3 : 0, Write("127.0.0.1", model, Hi, options).EnumerateObject()
            .Count(f => f.Name is "temperature" or "top_p" or "presence_penalty"));
    }

    [Theory]
    [InlineData("api.openai.com", "gpt-4o", null)]
    [InlineData("name.openai.azure.com", "x", null)]
    [InlineData("generativelanguage.googleapis.com", "gemini-3-pro", null)]
    [InlineData("api.mistral.ai", "magistral-medium", null)]
    [InlineData("api.groq.com", "openai/gpt-oss-120b", "reasoning")]
    [InlineData("openrouter.ai", "deepseek/deepseek-r1", "reasoning")]
    [InlineData("api.deepseek.com", "deepseek-chat", "reasoning_content")]
    [InlineData("127.0.0.1", "m", "reasoning_content")]
    public void Reasoning_that_a_caller_brings_goes_into_the_field_that_the_host_takes(string host, string model, string? field)
    {
        var answer = Write(host, model, Loop).GetProperty("messages")[1];

        Assert.Equal(
            field is null ? [] : [field],
            answer.EnumerateObject().Select(f => f.Name).Where(name => name.StartsWith("reasoning", StringComparison.Ordinal)));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("content").ValueKind);
    }

    [Fact]
    public void Thinking_of_Mistral_goes_back_as_a_part_of_the_content()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, "hi"),
            new(ChatRole.Assistant,
            [
                new TextReasoningContent("hm")
                {
                    ProtectedData = ChatReasoning.Of(ChatReasoning.Parts),
                    AdditionalProperties = new() { [ModelProperties.Origin] = "mock/magistral-medium" },
                },
                new TextContent("hello"),
            ]),
        ];

        AssertJson(
            """[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"hello"}]""",
            Write("api.mistral.ai", "magistral-medium", messages).GetProperty("messages")[1].GetProperty("content"));
    }

    [Fact]
    public void Every_answer_has_reasoning_where_the_host_refuses_one_without() => Assert.All(
        Write("api.moonshot.ai", "kimi-k2-thinking", [.. Loop, new(ChatRole.Assistant, "done")]).GetProperty("messages").EnumerateArray()
            .Where(m => m.GetProperty("role").GetString() == "assistant"),
        m => Assert.NotEqual("", m.GetProperty("reasoning_content").GetString()));

    [Fact]
    public void A_call_of_another_model_gets_the_signature_that_Gemini_accepts_in_place_of_its_own()
    {
        var call = Write("generativelanguage.googleapis.com", "gemini-3-pro-preview", Loop).GetProperty("messages")[1]
            .GetProperty("tool_calls")[0];
        AssertJson("""{"google":{"thought_signature":"skip_thought_signature_validator"}}""", call.GetProperty("extra_content"));
        Assert.False(Write("generativelanguage.googleapis.com", "gemini-2.5-pro", Loop).GetProperty("messages")[1]
            .GetProperty("tool_calls")[0].TryGetProperty("extra_content", out _));
    }

    [Fact]
    public void Extras_of_calls_are_not_sent_to_OpenAI()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, "hi"),
            new(ChatRole.Assistant, [new RawFunctionCall("call_1", "f", "{}")
            {
                Extra = JsonElement.Parse("""{"extra_content":{"google":{}},"index":7}"""),
            }]),
        ];
        var (openAI, other) = (CallOf(Write("api.openai.com", "gpt-4o", messages)), CallOf(Write("127.0.0.1", "m", messages)));

        Assert.False(openAI.TryGetProperty("extra_content", out _));
        Assert.True(other.TryGetProperty("extra_content", out _));
        Assert.False(other.TryGetProperty("index", out _)); // a caller cannot add fields of its own

        static JsonElement CallOf(JsonElement body) => body.GetProperty("messages")[1].GetProperty("tool_calls")[0];
    }

    [Theory]
    [InlineData("supportsDeveloperRole")]
    [InlineData("requiresToolResultName")]
    [InlineData("requiresAssistantAfterToolResult")]
    [InlineData("requiresMistralToolIds")]
    [InlineData("requiresAlternatingRoles")]
    [InlineData("requiresReasoningContentOnAssistantMessages")]
    [InlineData("reasoningField")]
    [InlineData("maxTokensField")]
    [InlineData("supportsUsageInStreaming")]
    [InlineData("supportsReasoningEffort")]
    [InlineData("supportsTemperature")]
    [InlineData("supportsStrictMode")]
    public void Each_setting_of_compat_changes_what_is_sent(string setting)
    {
        var options = new ModelOptions
        {
            Temperature = 1,
            MaxOutputTokens = 5,
            ReasoningEffort = "low",
            Tools = [new FunctionTool("f", null, JsonElement.Parse("""{"type":"object","properties":{}}"""), true)],
        };
        ChatMessage[] messages = [new(new ChatRole("developer"), "dev"), new(ChatRole.Assistant, "hello"), .. Loop, .. Loop];
        var compat = setting switch
        {
            "supportsDeveloperRole" => new CompatSection { SupportsDeveloperRole = true },
            "requiresToolResultName" => new() { RequiresToolResultName = true },
            "requiresAssistantAfterToolResult" => new() { RequiresAssistantAfterToolResult = true },
            "requiresMistralToolIds" => new() { RequiresMistralToolIds = true },
            "requiresAlternatingRoles" => new() { RequiresAlternatingRoles = true },
            "requiresReasoningContentOnAssistantMessages" => new() { RequiresReasoningContentOnAssistantMessages = true },
            "reasoningField" => new() { ReasoningField = "reasoning" },
            "maxTokensField" => new() { MaxTokensField = "max_completion_tokens" },
            "supportsUsageInStreaming" => new() { SupportsUsageInStreaming = false },
            "supportsReasoningEffort" => new() { SupportsReasoningEffort = false },
            "supportsTemperature" => new() { SupportsTemperature = false },
            _ => new() { SupportsStrictMode = false },
        };
        var (plain, changed) = (Write("127.0.0.1", "m", messages, options), Write("127.0.0.1", "m", messages, options, compat));

        Assert.False(JsonElement.DeepEquals(plain, changed));
        var sent = changed.GetRawText();
        var isThere = setting switch
        {
            "supportsDeveloperRole" => sent.Contains("""{"role":"developer","content":"dev"}""", StringComparison.Ordinal),
            "requiresToolResultName" => sent.Contains(
                """{"role":"tool","name":"f","tool_call_id":"call_1","content":"rain"}""", StringComparison.Ordinal),
            "requiresAssistantAfterToolResult" => sent.Contains(
                "\"rain\"},{\"role\":\"assistant\",\"content\":\"…\"},{\"role\":\"user\"", StringComparison.Ordinal),
            "requiresMistralToolIds" => !sent.Contains("call_1", StringComparison.Ordinal),
            "requiresAlternatingRoles" => sent.Contains(
                "{\"role\":\"user\",\"content\":\"…\"},{\"role\":\"assistant\",\"content\":\"hello\"}", StringComparison.Ordinal),
            "requiresReasoningContentOnAssistantMessages" => sent.Contains(
                """{"role":"assistant","content":"hello","reasoning_content":" "}""", StringComparison.Ordinal),
            "reasoningField" => sent.Contains("\"reasoning\":\"hm\"", StringComparison.Ordinal),
            "maxTokensField" => sent.Contains("\"max_completion_tokens\":5", StringComparison.Ordinal),
            "supportsUsageInStreaming" => !sent.Contains("stream_options", StringComparison.Ordinal),
            "supportsReasoningEffort" => !sent.Contains("reasoning_effort", StringComparison.Ordinal),
            "supportsTemperature" => !sent.Contains("temperature", StringComparison.Ordinal),
            _ => !sent.Contains("strict", StringComparison.Ordinal),
        };
        Assert.True(isThere, sent);
    }

    [Fact]
    public void Original_detail_of_an_image_is_high_where_only_Responses_knows_it()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, [new DataContent("data:image/png;base64,iVBORw0KGgo=")
            {
                AdditionalProperties = new() { [ModelProperties.Detail] = "original" },
            }]),
        ];
        Assert.Equal("high", Write("127.0.0.1", "m", messages).GetProperty("messages")[0].GetProperty("content")[0]
            .GetProperty("image_url").GetProperty("detail").GetString());
    }

    [Fact]
    public void Pictures_of_several_results_follow_all_of_them()
    {
        const string Png = "data:image/png;base64,iVBORw0KGgo=";
        ChatMessage[] messages =
        [
            new(ChatRole.User, "look"),
            new(ChatRole.Assistant, [new RawFunctionCall("a", "shot", "{}"), new RawFunctionCall("b", "scan", "{}")]),
            new(ChatRole.Tool, [new FunctionResultContent("a", new AIContent[] { new TextContent("one"), new DataContent(Png) })]),
            new(ChatRole.Tool, [new FunctionResultContent("b", new AIContent[] { new DataContent(Png) })]),
            new(ChatRole.User, "and?"),
        ];
        AssertJson(
            """
            [{"role":"tool","tool_call_id":"a","content":"one"},
             {"role":"tool","tool_call_id":"b","content":"See the message below."},
             {"role":"user","content":[
               {"type":"text","text":"What the tool shot returned:"},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}},
               {"type":"text","text":"What the tool scan returned:"},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},
             {"role":"user","content":"and?"}]
            """,
            JsonElement.Parse(
                $"[{string.Join(',', Write("127.0.0.1", "m", messages).GetProperty("messages").EnumerateArray().Skip(2))}]"));
    }

    private static JsonElement Write(
        string host, string model, ChatMessage[] messages, ChatOptions? options = null, CompatSection? compat = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        CompletionsRequest.Write(buffer, model, messages, options, Dialect(host, model, compat));
        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
