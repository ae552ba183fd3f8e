using System.Text.Json.Nodes;

namespace OpenClaw.Tests.Gateway.RequestFields;

/// <summary>For each row of the tables a value that asks for something.</summary>
/// <param name="Value">JSON.</param>
internal sealed record FieldSample(string Value)
{
    /// <summary>JSON of other fields that the field needs, by path.</summary>
    public (string Path, string Value)[] With { get; init; } = [];

    /// <summary>Values that ask for nothing. Null is always one.</summary>
    public string[] Neutral { get; init; } = [];

    /// <summary>The code of a failure after the provider got the request, because it does not do what the field says.</summary>
    public string? Fails { get; init; }

    /// <summary>The field that a refusal names, where it is another one.</summary>
    public string? Param { get; init; }

    public (string Path, JsonNode? Value)[] WithNodes => [.. With.Select(w => (w.Path, JsonNode.Parse(w.Value)))];
}

internal static class FieldSamples
{
    private const string Schema =
        """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""";

    private const string Parameters = """{"type":"object","properties":{}}""";

    private const string ChatTools =
        $$$"""[{"type":"function","function":{"name":"get_weather","description":"d","parameters":{{{Parameters}}}}}]""";

    private const string ResponseTools =
        $$$"""[{"type":"function","name":"get_weather","description":"d","parameters":{{{Parameters}}},"strict":false}]""";

    private const string MessageTools = $$$"""[{"name":"get_weather","description":"d","input_schema":{{{Parameters}}}}]""";

    private const string TwoChatTools =
        """[{"type":"function","function":{"name":"get_weather"}},{"type":"function","function":{"name":"get_time"}}]""";

    private const string TwoResponseTools = """[{"type":"function","name":"get_weather"},{"type":"function","name":"get_time"}]""";

    private const string TwoMessageTools =
        $$$"""[{"name":"get_weather","input_schema":{{{Parameters}}}},{"name":"get_time","input_schema":{{{Parameters}}}}]""";

    private const string Functions =
        $$$"""[{"name":"get_weather","parameters":{{{Parameters}}}},{"name":"get_time","parameters":{{{Parameters}}}}]""";

    private const string Other = """[{"role":"user","content":"something else"}]""";

    /// <summary>What the surfaces have in common.</summary>
    private static readonly Dictionary<string, FieldSample> Common = new()
    {
        ["temperature"] = new("0.5") { Neutral = ["1"] },
        ["top_p"] = new("0.5") { Neutral = ["1"] },
        ["top_k"] = new("7"),
        ["presence_penalty"] = new("0.5") { Neutral = ["0"] },
        ["frequency_penalty"] = new("0.5") { Neutral = ["0"] },
        ["parallel_tool_calls"] = new("false"),
        ["prompt_cache_key"] = new("\"k\""),
        ["prompt_cache_options"] = new("""{"mode":"explicit"}"""),
        ["prompt_cache_retention"] = new("\"24h\""),
        ["safety_identifier"] = new("\"ann\""),
        ["service_tier"] = new("\"default\"") { Neutral = ["\"auto\""] },
        ["stream_options.include_obfuscation"] = new("true") { Neutral = ["false"] },
        ["moderation"] = new("""{"model":"m"}""") { Neutral = ["{}"] },
        ["context_management"] = new("""[{"type":"compaction","compact_threshold":1000}]""") { Neutral = ["[]"] },
        ["model"] = new("\"\""),
        ["stream"] = new("true"),
        ["user"] = new("\"ann\""),
        ["store"] = new("true"),
        ["metadata"] = new("""{"a":"b"}"""),
    };

    private static readonly Dictionary<string, FieldSample> Chat = new()
    {
        ["messages"] = new(Other),
        ["stream_options.include_usage"] = new("true"),
        ["seed"] = new("7"),
        ["stop"] = new("[\" there\"]") { Neutral = ["[]"] },
        ["max_tokens"] = new("16"),
        ["max_completion_tokens"] = new("16"),
        ["n"] = new("2") { Neutral = ["1"] },
        ["logprobs"] = new("true") { Neutral = ["false"] },
        ["top_logprobs"] = new("2") { With = [("logprobs", "true")], Param = "logprobs" },
        ["logit_bias"] = new("""{"50256":-100}""") { Neutral = ["{}"] },
        ["prediction"] = new("""{"type":"content","content":"x"}"""),
        ["modalities"] = new("""["text","audio"]""") { Neutral = ["[\"text\"]", "[]"] },
        ["audio"] = new("""{"voice":"alloy","format":"wav"}"""),
        ["web_search_options"] = new("{}"),
        ["tools"] = new(ChatTools),
        ["tool_choice"] = new("""{"type":"function","function":{"name":"get_time"}}""") { With = [("tools", TwoChatTools)] },
        ["parallel_tool_calls"] = new("false") { With = [("tools", ChatTools)] },
        ["functions"] = new(Functions),
        ["function_call"] = new("""{"name":"get_time"}""") { With = [("functions", Functions)] },
        ["response_format"] = new($$$"""{"type":"json_schema","json_schema":{"name":"n","schema":{{{Schema}}},"strict":true}}"""),
        ["reasoning_effort"] = new("\"low\""),
        ["verbosity"] = new("\"low\"") { Neutral = ["\"medium\""] },
    };

    private static readonly Dictionary<string, FieldSample> Responses = new()
    {
        ["input"] = new("\"something else\""),
        ["instructions"] = new("\"Be brief.\""),
        ["previous_response_id"] = new("\"\""),
        ["conversation"] = new("\"conv_1\""),
        ["background"] = new("true"),
        ["include"] = new("""["reasoning.encrypted_content","message.output_text.logprobs"]""")
        {
            Neutral = ["[]", "[\"reasoning.encrypted_content\"]", "[\"web_search_call.action.sources\"]"],
        },
        ["top_logprobs"] = new("2") { Neutral = ["0"] },
        ["max_output_tokens"] = new("16"),
        ["max_tool_calls"] = new("1"),
        ["tools"] = new(ResponseTools),
        ["tool_choice"] = new("""{"type":"function","name":"get_time"}""")
        {
            With = [("tools", TwoResponseTools)],
            Fails = "tool_choice_not_met",
        },
        ["parallel_tool_calls"] = new("false") { With = [("tools", ResponseTools)] },
        ["text.format"] = new($$$"""{"type":"json_schema","name":"n","schema":{{{Schema}}},"strict":true}"""),
        ["text.verbosity"] = new("\"low\"") { Neutral = ["\"medium\""] },
        ["reasoning.effort"] = new("\"low\""),
        ["reasoning.summary"] = new("\"auto\""),
        ["reasoning.generate_summary"] = new("\"auto\""),
        ["reasoning.context"] = new("\"all_turns\"") { Neutral = ["\"auto\""] },
        ["reasoning.mode"] = new("\"pro\"") { Neutral = ["\"standard\""] },
        ["truncation"] = new("\"auto\"") { Neutral = ["\"disabled\""] },
        ["prompt"] = new("""{"id":"pmpt_1"}"""),
        ["access_programs"] = new("""{"cyber":"daybreak_blue"}"""),
        ["image"] = new("""{"context_compression":"disabled"}"""),
    };

    private static readonly Dictionary<string, FieldSample> Messages = new()
    {
        ["messages"] = new(Other),
        ["system"] = new("\"Be brief.\""),
        ["max_tokens"] = new("16"),
        ["stop_sequences"] = new("[\" there\"]") { Neutral = ["[]"] },
        ["tools"] = new(MessageTools),
        ["tool_choice"] = new("""{"type":"tool","name":"get_time"}""") { With = [("tools", TwoMessageTools)] },
        ["thinking"] = new("""{"type":"enabled","budget_tokens":2048}"""),
        ["output_config.effort"] = new("\"medium\""),
        ["output_config.format"] = new($$$"""{"type":"json_schema","schema":{{{Schema}}}}"""),
        ["output_config.task_budget"] = new("""{"type":"tokens","total":1000}"""),
        ["output_format"] = new($$$"""{"type":"json_schema","schema":{{{Schema}}}}"""),
        ["metadata.user_id"] = new("\"ann\""),
        ["service_tier"] = new("\"standard_only\"") { Neutral = ["\"auto\""] },
        ["cache_control"] = new("""{"type":"ephemeral"}"""),
        ["inference_geo"] = new("\"us\""),
        ["speed"] = new("\"fast\"") { Neutral = ["\"standard\""] },
        ["context_management"] = new("""{"edits":[{"type":"clear_tool_uses_20250919"}]}""")
        {
            Neutral = ["{\"edits\":[]}", "{\"edits\":[{\"type\":\"clear_thinking_20251015\",\"keep\":\"all\"}]}"],
        },
        ["compaction"] = new("""{"type":"enabled"}"""),
        ["container"] = new("\"container_1\""),
        ["mcp_servers"] = new("""[{"type":"url","url":"https://example.com","name":"m"}]""") { Neutral = ["[]"] },
        ["fallbacks"] = new("""[{"model":"claude-sonnet-4-5"}]""") { Neutral = ["[]"] },
        ["fallback_credit_token"] = new("\"t\""),
        ["billing_policy"] = new("""{"type":"billing_policy","bill_to":"user_profile"}""")
        {
            Neutral = ["{\"type\":\"billing_policy\",\"bill_to\":\"self\"}"],
        },
        ["diagnostics"] = new("""{"previous_message_id":"msg_1"}"""),
        ["thread"] = new("""{"id":"t"}"""),
    };

    /// <summary>Null when there is none.</summary>
    public static FieldSample? Find(string surface, string field)
    {
        var own = surface switch { FieldTable.Chat => Chat, FieldTable.Responses => Responses, _ => Messages };
        return own.GetValueOrDefault(field) ?? Common.GetValueOrDefault(field);
    }
}
