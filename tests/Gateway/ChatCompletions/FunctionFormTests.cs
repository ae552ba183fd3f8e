using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.ChatCompletions;

/// <summary><c>functions</c> and <c>function_call</c>, the form that tools had before <c>tools</c>.</summary>
public class FunctionFormTests
{
    private const string Functions = """
        "functions":[{"name":"get_weather","description":"d","parameters":{"type":"object"}},{"name":"get_time"}]
        """;

    private const string Question = """ "messages":[{"role":"user","content":"What is the weather?"}] """;

    [Fact]
    public async Task Functions_go_to_the_model_as_tools_and_the_call_comes_back_as_function_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(CallTwiceAsync);
        using var answer = await gateway.PostChatAsync($$"""{"model":"mock/m",{{Question}},{{Functions}},"function_call":"auto"}""");
        var choice = (await answer.ReadJsonAsync()).GetProperty("choices")[0];
        var sent = upstream.Requests[0].Body;

        Assert.Equal(
            ["get_weather", "get_time"],
            sent.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("function").GetProperty("name").GetString()));
        Assert.False(sent.TryGetProperty("functions", out _));
        Assert.Equal("function_call", choice.GetProperty("finish_reason").GetString());
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(
                """
                {"role":"assistant","content":null,"refusal":null,
                 "function_call":{"name":"get_weather","arguments":"{\"city\":\"Oslo\"}"}}
                """),
            JsonNode.Parse(choice.GetProperty("message").GetRawText())));
    }

    [Fact]
    public async Task Stream_gives_the_call_in_pieces_of_function_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(CallTwiceAsync);
        using var answer = await gateway.PostChatAsync($$"""{"model":"mock/m","stream":true,{{Question}},{{Functions}}}""");
        var choices = (await answer.ReadEventsAsync()).SkipLast(1).Select(e => JsonElement.Parse(e).GetProperty("choices")[0]).ToList();
        var pieces = choices.Select(c => c.GetProperty("delta")).Where(d => d.TryGetProperty("function_call", out _))
            .Select(d => d.GetProperty("function_call")).ToList();

        Assert.All(choices, c => Assert.False(c.GetProperty("delta").TryGetProperty("tool_calls", out _)));
        Assert.Equal("get_weather", pieces[0].GetProperty("name").GetString());
        Assert.All(pieces.Skip(1), p => Assert.False(p.TryGetProperty("name", out _)));
        Assert.Equal("""{"city":"Oslo"}""", string.Concat(pieces.Select(p => p.GetProperty("arguments").GetString())));
        Assert.Equal("function_call", choices[^1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Result_of_a_function_goes_to_the_model_as_the_result_of_its_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        using var answer = await gateway.PostChatAsync($$"""
            {"model":"mock/m",{{Functions}},"messages":[{"role":"user","content":"What is the weather?"},
             {"role":"assistant","content":null,"function_call":{"name":"get_weather","arguments":"{}"} },
             {"role":"function","name":"get_weather","content":"12 degrees"}]}
            """);
        var messages = upstream.Requests[0].Body.GetProperty("messages");
        var choice = (await answer.ReadJsonAsync()).GetProperty("choices")[0];

        Assert.Equal(
            messages[1].GetProperty("tool_calls")[0].GetProperty("id").GetString(), messages[2].GetProperty("tool_call_id").GetString());
        Assert.Equal("12 degrees", messages[2].GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("\"none\"", null)]
    [InlineData("\"auto\"", "\"auto\"")]
    [InlineData("""{"name":"get_time"}""", """{"type":"function","function":{"name":"get_time"}}""")]
    public async Task Choice_among_functions_is_translated(string choice, string? expected)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        using var answer = await gateway.PostChatAsync(
            $$"""{"model":"mock/m",{{Question}},{{Functions}},"function_call":{{choice}} }""");
        var isSent = upstream.Requests[0].Body.TryGetProperty("tool_choice", out var sent);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, isSent ? sent.GetRawText() : null);
    }

    [Theory]
    [InlineData(""" "functions":[{"name":"a"}],"tools":[{"type":"function","function":{"name":"b"}}] """, "functions", "invalid_value")]
    [InlineData(""" "functions":[{}] """, "functions[0].name", "missing_required_parameter")]
    [InlineData(""" "functions":[null] """, "functions[0].name", "missing_required_parameter")]
    [InlineData(""" "functions":[{"name":"a b"}] """, "functions[0].name", "invalid_value")]
    [InlineData(""" "functions":[{"name":"a"},{"name":"a"}] """, "functions[1].name", "invalid_value")]
    [InlineData(""" "functions":[{"name":"a","parameters":1}] """, "functions[0].parameters", "invalid_type")]
    [InlineData(""" "functions":[{"name":"a"}],"function_call":{"name":"b"} """, "function_call.name", "invalid_value")]
    [InlineData(""" "functions":[{"name":"a"}],"function_call":{} """, "function_call.name", "missing_required_parameter")]
    [InlineData(""" "functions":[{"name":"a"}],"function_call":"required" """, "function_call", "invalid_value")]
    [InlineData(""" "function_call":{"name":"a"} """, "function_call.name", "invalid_value")]
    public async Task Malformed_functions_are_refused_by_name(string fields, string param, string code)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostChatAsync($$"""{"model":"openclaw",{{Question}},{{fields}}}""");
        var error = await answer.ReadErrorAsync();

        Assert.Equal((HttpStatusCode.BadRequest, code, param), (answer.StatusCode, error.Code, error.Param));
    }

    /// <summary>Two calls, of which the older form can show one.</summary>
    private static async Task CallTwiceAsync(UpstreamCall call)
    {
        await call.StartStreamAsync();
        await call.SendCallAsync(0, "call_a", "get_weather", """{"city":""");
        await call.SendCallAsync(0, null, null, "\"Oslo\"}");
        await call.SendCallAsync(1, "call_b", "get_time", "{}");
        await call.FinishAsync("tool_calls");
    }

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream) => GatewayHost.StartAsync(
        configure: c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() });
}
