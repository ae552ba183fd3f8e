using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>What a request may not hold, and which field the answer names.</summary>
public class BadRequestTests(AzuriteFixture azurite)
{
    private const string Message = """{"type":"message","role":"user","content":""";

    public static TheoryData<string, string?, string> Faults => new()
    {
        { """{"input":"Hi","conversation":"conv_1"}""", "conversation", "unsupported_parameter" },
        { """{"input":"Hi","max_output_tokens":15}""", "max_output_tokens", "invalid_value" },
        { """{"input":"Hi","max_output_tokens":"many"}""", "max_output_tokens", "invalid_type" },
        { """{"input":"Hi","max_tool_calls":0}""", "max_tool_calls", "invalid_value" },
        { """{"input":"Hi","temperature":2.1}""", "temperature", "invalid_value" },
        { """{"input":"Hi","temperature":"warm"}""", "temperature", "invalid_type" },
        { """{"input":"Hi","top_p":-0.1}""", "top_p", "invalid_value" },
        { """{"input":"Hi","presence_penalty":3}""", "presence_penalty", "invalid_value" },
        { """{"input":"Hi","frequency_penalty":-3}""", "frequency_penalty", "invalid_value" },
        { """{"input":"Hi","top_logprobs":21}""", "top_logprobs", "invalid_value" },
        { """{"input":"Hi","truncation":"maybe"}""", "truncation", "invalid_value" },
        { """{"input":"Hi","service_tier":"gold"}""", "service_tier", "invalid_value" },
        { """{"input":"Hi","text":{"verbosity":"loud"}}""", "text.verbosity", "invalid_value" },
        { """{"input":"Hi","text":{"format":{"type":"xml"}}}""", "text.format.type", "invalid_value" },
        { """{"input":"Hi","text":{"format":{}}}""", "text.format.type", "missing_required_parameter" },
        { """{"input":"Hi","text":{"format":{"type":"json_schema","schema":{}}}}""", "text.format.name", "missing_required_parameter" },
        { """{"input":"Hi","text":{"format":{"type":"json_schema","name":"n"}}}""", "text.format.schema", "missing_required_parameter" },
        { """{"input":"Hi","reasoning":{"effort":"extreme"}}""", "reasoning.effort", "invalid_value" },
        { """{"input":"Hi","reasoning":{"summary":"long"}}""", "reasoning.summary", "invalid_value" },
        { """{"input":"Hi","stream":"yes"}""", "stream", "invalid_type" },
        { """{"input":"Hi","store":1}""", "store", "invalid_type" },
        { """{"input":"Hi","model":5}""", "model", "invalid_type" },
        { """{"input":"Hi","instructions":["a"]}""", "instructions", "invalid_type" },
        { """{"input":"Hi","metadata":[]}""", "metadata", "invalid_type" },
        { """{"input":"Hi","metadata":{"a":1}}""", "metadata.a", "invalid_type" },
        { """{"input":"Hi","metadata":{"a":null}}""", "metadata.a", "invalid_value" },
        { $$$"""{"input":"Hi","metadata":{"a":"{{{new string('v', 513)}}}"}}""", "metadata.a", "invalid_value" },
        { $$$"""{"input":"Hi","metadata":{"k":"v",{{{string.Join(',', Enumerable.Range(0, 16).Select(i => $"\"k{i}\":\"v\""))}}} }}""",
            "metadata", "invalid_value" },
        { $$"""{"input":"Hi","safety_identifier":"{{new string('s', 65)}}"}""", "safety_identifier", "invalid_value" },
        { $$"""{"input":"Hi","prompt_cache_key":"{{new string('s', 65)}}"}""", "prompt_cache_key", "invalid_value" },
        { """{"input":"Hi","tools":["fs_read_nothing"]}""", "tools[0]", "unknown_tool" },
        { """{"input":"Hi","tools":"get_weather"}""", "tools", "invalid_type" },
        { """{"input":"Hi","tools":[7]}""", "tools[0]", "invalid_type" },
        { """{"input":"Hi","tools":[null]}""", "tools[0]", "invalid_type" },
        { """{"input":"Hi","tools":[{"type":"web_search"}]}""", "tools[0].type", "invalid_value" },
        { """{"input":"Hi","tools":[{"type":"function"}]}""", "tools[0].name", "missing_required_parameter" },
        { """{"input":"Hi","tools":[{"type":"function","name":"no spaces"}]}""", "tools[0].name", "invalid_value" },
        { """{"input":"Hi","tools":[{"type":"function","function":{"name":""}}]}""", "tools[0].function.name",
            "missing_required_parameter" },
        { """{"input":"Hi","tools":[{"type":"function","name":"f","parameters":"none"}]}""", "tools[0].parameters", "invalid_type" },
        { """{"input":"Hi","tools":[{"type":"function","name":"f","strict":"yes"}]}""", "tools[0].strict", "invalid_type" },
        { """{"input":"Hi","tools":[{"type":"function","name":"f"},{"type":"function","name":"f"}]}""", "tools[1]", "invalid_value" },
        { """{"input":"Hi","tool_choice":"sometimes"}""", "tool_choice", "invalid_value" },
        { """{"input":"Hi","tool_choice":3}""", "tool_choice", "invalid_type" },
        { """{"input":"Hi","tool_choice":"required"}""", "tool_choice", "invalid_value" },
        { """{"input":"Hi","tool_choice":{"type":"function","name":"other"},"tools":[{"type":"function","name":"f"}]}""",
            "tool_choice.name", "invalid_value" },
        { """{"input":"Hi","tool_choice":{"type":"allowed_tools","tools":[]},"tools":[{"type":"function","name":"f"}]}""",
            "tool_choice.tools", "missing_required_parameter" },
        { """{}""", "input", "no_new_input" },
        { """{"input":[]}""", "input", "no_new_input" },
        { """{"input":7}""", "input", "invalid_type" },
        { """{"input":{"role":"user"}}""", "input", "invalid_type" },
        { """{"input":[7]}""", "input[0]", "invalid_type" },
        { """{"input":[{}]}""", "input[0].type", "missing_required_parameter" },
        { """{"input":[{"type":"riddle"}]}""", "input[0].type", "invalid_value" },
        { """{"input":[{"type":5}]}""", "input[0].type", "invalid_type" },
        { """{"input":[{"type":"message","content":"Hi"}]}""", "input[0].role", "missing_required_parameter" },
        { """{"input":[{"role":"robot","content":"Hi"}]}""", "input[0].role", "invalid_value" },
        { """{"input":[{"role":"user"}]}""", "input[0].content", "missing_required_parameter" },
        { """{"input":[{"role":"user","content":7}]}""", "input[0].content", "invalid_type" },
        { """{"input":[{"role":"assistant","phase":"middle","content":"a"}]}""", "input[0].phase", "invalid_value" },
        { $$"""{"input":[{{Message}}[7]}]}""", "input[0].content[0]", "invalid_type" },
        { $$"""{"input":[{{Message}}[{}]}]}""", "input[0].content[0].type", "missing_required_parameter" },
        { $$"""{"input":[{{Message}}[{"type":"input_text"}]}]}""", "input[0].content[0].text", "missing_required_parameter" },
        { $$"""{"input":[{{Message}}[{"type":"song","text":"la"}]}]}""", "input[0].content[0].type", "invalid_value" },
        { $$"""{"input":[{{Message}}[{"type":"input_image"}]}]}""", "input[0].content[0].image_url", "missing_required_parameter" },
        { $$"""{"input":[{{Message}}[{"type":"input_image","image_url":"ftp://x"}]}]}""", "input[0].content[0].image_url",
            "invalid_value" },
        { $$"""{"input":[{{Message}}[{"type":"input_image","detail":"fine","image_url":"data:image/png;base64,iVBORw0KGgo="}]}]}""",
            "input[0].content[0].detail", "invalid_value" },
        { $$$"""{"input":[{{{Message}}}[{"type":"input_image","source":{"type":"disk"}}]}]}""", "input[0].content[0].source.type",
            "invalid_value" },
        { """{"input":[{"type":"function_call","name":"f","arguments":"{}"}]}""", "input[0].call_id", "missing_required_parameter" },
        { """{"input":[{"type":"function_call","call_id":"c","arguments":"{}"}]}""", "input[0].name", "missing_required_parameter" },
        { """{"input":[{"type":"function_call","call_id":"c","name":"not a name","arguments":"{}"}]}""", "input[0].name", "invalid_value" },
        { $$"""{"input":[{"type":"function_call_output","call_id":"{{new string('c', 65)}}","output":"x"}]}""", "input[0].call_id",
            "invalid_value" },
        { """{"input":[{"type":"function_call_output","call_id":"c"}]}""", "input[0].output", "missing_required_parameter" },
        { """{"input":[{"type":"function_call_output","call_id":"c","output":5}]}""", "input[0].output", "invalid_type" },
        { """{"input":[{"type":"function_call_output","call_id":"c","output":"x"}]}""", "input", "unknown_call_id" },
        { """{"input":[{"type":"compaction"}]}""", "input[0].encrypted_content", "missing_required_parameter" },
        { """{"input":[{"type":"compaction","encrypted_content":"foreign"},{"role":"user","content":"Hi"}]}""", "input",
            "invalid_compaction" },
        { """{"input":[{"type":"reasoning","summary":"short"}]}""", "input[0].summary", "invalid_type" },
        { """{"input":[{"type":"item_reference"}]}""", "input[0].id", "missing_required_parameter" },
        { """{"input":"Hi","input":"again"}""", "input", "duplicate_key" },
        { """{"input":"a\u0000b"}""", "input", "invalid_text" },
        { """{"input":"Hi" """, null, "invalid_json" },
        { "[]", null, "invalid_type" },
        { "", null, "invalid_json" },
    };

    [Fact]
    [Trait("Feature", "F68")]
    [Trait("Feature", "D15")]
    public async Task Each_malformed_request_is_400_and_names_its_field()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var wrong = new List<string>();
        foreach (var row in Faults)
        {
            var (json, param, code) = row.Data;
            using var answer = await gateway.PostResponseAsync(json);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode != HttpStatusCode.BadRequest)
            {
                wrong.Add($"{json} -> {answer.StatusCode} {text}");
                continue;
            }

            var error = await answer.ReadErrorAsync();
            if (error.Code != code || error.Param != param)
            {
                wrong.Add($"{json} -> {error}");
            }
        }

        Assert.Empty(string.Join('\n', wrong));
    }

    [Fact]
    [Trait("Feature", "F68")]
    public async Task A_malformed_streaming_request_keeps_its_status()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.PostResponseAsync("""{"stream":true,"input":[]}""", stream: true);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    [Trait("Feature", "F52")]
    [Trait("Feature", "F48")]
    [Trait("Feature", "F50")]
    public async Task Nulls_unknown_fields_and_items_not_used_for_the_prompt_are_accepted()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var response = await gateway.CreateAsync("""
            {"model":null,"instructions":null,"tools":null,"tool_choice":null,"metadata":null,"text":null,"temperature":null,"top_p":null,
             "stream":null,"stream_options":null,"background":null,"max_output_tokens":null,"max_tool_calls":null,"reasoning":null,"truncation":null,
             "include":null,"user":null,"previous_response_id":null,"something_new":{"a":[1]},"store":false,
             "input":[{"type":"reasoning","summary":[]},{"type":"item_reference","id":"msg_1"},{"role":"developer","content":"Be brief."},
               {"role":"user","content":"first","id":null,"status":null},{"role":"assistant","content":[{"type":"output_text","text":"one"}]},
               {"role":"user","content":[{"type":"input_text","text":"second"}]}]}
            """);
        Assert.Equal("openclaw", response.GetProperty("model").GetString());
        Assert.Equal("second", response.Text());
    }

    [Fact]
    [Trait("Feature", "F41")]
    [Trait("Feature", "D24")]
    public async Task Every_route_is_404_with_the_key_while_the_endpoint_is_off()
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c => c.Gateway.Http.Endpoints.Responses.Enabled = false);
        foreach (var (method, path) in ((string, string)[])[
            ("POST", ""), ("GET", ""), ("POST", "/compact"), ("POST", "/input_tokens"), ("GET", "/resp_x"), ("DELETE", "/resp_x"),
            ("POST", "/resp_x/cancel"), ("GET", "/resp_x/input_items")])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), ResponsesGateway.Path + path);
            request.Content = method == "POST" ? new StringContent("{}", null, "application/json") : null;
            using var answer = await gateway.Client.SendAsync(request);
            var error = await answer.ReadErrorAsync();
            Assert.Equal((HttpStatusCode.NotFound, "endpoint_disabled"), (answer.StatusCode, error.Code));
            Assert.Contains("gateway.http.endpoints.responses.enabled", error.Message, StringComparison.Ordinal);
        }
    }
}
