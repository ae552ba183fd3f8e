using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.ChatCompletions;

/// <summary>Reasoning and extras of calls, which providers need back: to the caller, into the session, and back to who made
/// them.</summary>
public class ProviderStateTests(AzuriteFixture azurite)
{
    private const string Thought = "I must ask for the weather.";
    private const string Tools = """ "tools":[{"type":"function","function":{"name":"get_weather"}}] """;
    private const string Result = """{"role":"tool","tool_call_id":"call_1","content":"rain"}""";
    private const string Signature = """{"google":{"thought_signature":"c2ln"}}""";

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    public async Task Reasoning_goes_back_under_the_name_that_the_provider_used(string field)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(call => CallAsync(call, new JsonObject { [field] = Thought }));
        await ChatAsync(gateway, """{"role":"user","content":"hi"}""", user: "ada");
        await ChatAsync(gateway, Result, user: "ada");
        upstream.Next(call => CallAsync(call, new JsonObject { [field] = Thought }));
        var first = await gateway.CreateAsync(
            """{"model":"mock/m","input":"hi","tools":[{"type":"function","name":"get_weather"}]}""");
        await gateway.CreateAsync($$"""
            {"model":"mock/m","previous_response_id":"{{first.Id()}}",
             "input":[{"type":"function_call_output","call_id":"call_1","output":"rain"}]}
            """);
        var items = string.Join(',', first.GetProperty("output").EnumerateArray().Select(item => item.GetRawText()));
        await gateway.CreateAsync($$"""
            {"model":"mock/m","store":false,
             "input":[{{items}},{"type":"function_call_output","call_id":"call_1","output":"rain"}]}
            """);

        // Stored session, previous_response_id, and a caller that sends the items itself.
        Assert.All(
            (int[])[1, 3, 4],
            number => Assert.Equal(Thought, Answer(upstream.Requests[number]).GetProperty(field).GetString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chat_caller_that_sends_its_messages_again_gives_reasoning_and_extras_back(bool stream)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(call => CallAsync(call, new JsonObject { ["reasoning_content"] = Thought }, Signature));
        var message = await ChatAsync(gateway, """{"role":"user","content":"hi"}""", stream: stream);

        Assert.Equal(Thought, message.GetProperty("reasoning_content").GetString());
        Assert.Equal(Signature, message.GetProperty("tool_calls")[0].GetProperty("extra_content").GetRawText());
        await ChatAsync(gateway, $$"""{"role":"user","content":"hi"},{{message.GetRawText()}},{{Result}}""");

        var back = Answer(upstream.Requests[1]);
        Assert.Equal(Thought, back.GetProperty("reasoning_content").GetString());
        Assert.Equal(Signature, back.GetProperty("tool_calls")[0].GetProperty("extra_content").GetRawText());
    }

    [Fact]
    public async Task Extras_of_a_call_go_back_from_a_session_and_from_callers_of_every_surface()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(call => CallAsync(call, [], Signature));
        await ChatAsync(gateway, """{"role":"user","content":"hi"}""", user: "eva");
        await ChatAsync(gateway, Result, user: "eva");
        var response = await gateway.CreateAsync(
            """{"model":"mock/m","store":false,"input":"hi","tools":[{"type":"function","name":"get_weather"}]}""");
        var items = string.Join(',', response.GetProperty("output").EnumerateArray().Select(item => item.GetRawText()));
        await gateway.CreateAsync($$"""
            {"model":"mock/m","store":false,
             "input":[{{items}},{"type":"function_call_output","call_id":"call_1","output":"rain"}]}
            """);
        const string tools = """ "max_tokens":9,"tools":[{"name":"get_weather","input_schema":{"type":"object"}}] """;
        using var said = await gateway.PostAsync(
            "/v1/messages", $$"""{"model":"mock/m",{{tools}},"messages":[{"role":"user","content":"hi"}]}""");
        var content = (await said.ReadJsonAsync()).GetProperty("content").GetRawText();
        using var again = await gateway.PostAsync("/v1/messages", $$"""
            {"model":"mock/m",{{tools}},"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":{{content}}},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"rain"}]}]}
            """);

        Assert.All((int[])[1, 3, 5], number => Assert.Equal(
            Signature, Answer(upstream.Requests[number]).GetProperty("tool_calls")[0].GetProperty("extra_content").GetRawText()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reasoning_details_that_come_in_pieces_go_back_whole(bool stream)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            foreach (var (text, details) in ((string, string)[])
                [
                    ("I must", """[{"type":"reasoning.text","text":"I must","index":0,"format":"x"}]"""),
                    (" ask.", """[{"type":"reasoning.text","text":" ask.","index":0,"signature":"sig"}]"""),
                ])
            {
                await call.SendChunkAsync(new JsonObject { ["reasoning"] = text, ["reasoning_details"] = JsonNode.Parse(details) });
            }

            await call.SendCallAsync(0, "call_1", "get_weather", "{}");
            await call.SendChunkAsync(new JsonObject
            {
                ["reasoning_details"] = JsonNode.Parse("""[{"type":"reasoning.encrypted","data":"x1","index":1}]"""),
            });
            await call.FinishAsync("tool_calls");
        });
        var message = await ChatAsync(gateway, """{"role":"user","content":"hi"}""", user: "ida", stream: stream);
        await ChatAsync(gateway, Result, user: "ida");
        await ChatAsync(gateway, $$"""{"role":"user","content":"hi"},{{message.GetRawText()}},{{Result}}""");

        const string whole = """
            [{"type":"reasoning.text","index":0,"format":"x","signature":"sig","text":"I must ask."},
             {"type":"reasoning.encrypted","data":"x1","index":1}]
            """;
        Assert.All(upstream.Requests.Skip(1), request => Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse(whole), Answer(request).GetProperty("reasoning_details")),
            Answer(request).GetRawText()));
        Assert.Equal("I must ask.", Answer(upstream.Requests[1]).GetProperty("reasoning").GetString());
    }

    [Theory]
    [InlineData("other/gpt-4o", false)]
    [InlineData("other/deepseek-r1", true)]
    [InlineData("mock/gpt-4o", true)]
    public async Task State_goes_to_the_provider_that_made_it_or_to_its_family_and_to_no_other(string next, bool isGiven)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(call => CallAsync(call, new JsonObject { ["reasoning_content"] = Thought }, Signature));
        await ChatAsync(gateway, """{"role":"user","content":"hi"}""", user: "joe", model: "mock/deepseek-chat");
        await ChatAsync(gateway, Result, user: "joe", model: next);

        var back = Answer(upstream.Requests[1]);
        Assert.Equal(isGiven, back.TryGetProperty("reasoning_content", out _));
        Assert.Equal(isGiven, back.GetProperty("tool_calls")[0].TryGetProperty("extra_content", out _));
    }

    [Fact]
    public async Task Reasoning_of_a_chat_provider_goes_back_from_a_Messages_caller_that_does_not_see_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(call => CallAsync(call, new JsonObject { ["reasoning_content"] = Thought }));
        const string more = """
            "max_tokens":8000,"thinking":{"type":"enabled","budget_tokens":2048,"display":"omitted"},
            "tools":[{"name":"get_weather","input_schema":{"type":"object"}}]
            """;
        using var said = await gateway.PostAsync(
            "/v1/messages", $$"""{"model":"mock/m",{{more}},"messages":[{"role":"user","content":"hi"}]}""");
        var content = (await said.ReadJsonAsync()).GetProperty("content").GetRawText();
        Assert.DoesNotContain(Thought, content, StringComparison.Ordinal);
        using var again = await gateway.PostAsync("/v1/messages", $$"""
            {"model":"mock/m",{{more}},"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":{{content}}},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"rain"}]}]}
            """);

        Assert.Equal(Thought, Answer(upstream.Requests[1]).GetProperty("reasoning_content").GetString());
    }

    private static JsonElement Answer(UpstreamRequest request) => request.Body.GetProperty("messages").EnumerateArray()
        .Last(message => message.GetProperty("role").GetString() == "assistant");

    /// <summary>An answer of this delta, then one call, with something attached to it.</summary>
    private static async Task CallAsync(UpstreamCall call, JsonObject delta, string? extra = null)
    {
        await call.StartStreamAsync();
        await call.SendChunkAsync(delta);
        var piece = new JsonObject
        {
            ["index"] = 0,
            ["id"] = "call_1",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "get_weather", ["arguments"] = "{}" },
        };
        if (extra is not null)
        {
            piece["extra_content"] = JsonNode.Parse(extra);
        }

        await call.SendChunkAsync(new JsonObject { ["tool_calls"] = new JsonArray(piece) });
        await call.FinishAsync("tool_calls");
    }

    /// <returns>The assistant's message; that of a stream is put together as clients do.</returns>
    private static async Task<JsonElement> ChatAsync(
        GatewayHost gateway, string messages, string? user = null, string model = "mock/m", bool stream = false)
    {
        var session = user is null ? "" : $"\"user\":\"{user}\",";
        using var answer = await gateway.PostChatAsync(
            $$"""{"model":"{{model}}",{{session}}"stream":{{(stream ? "true" : "false")}},{{Tools}},"messages":[{{messages}}]}""");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        if (!stream)
        {
            return (await answer.ReadJsonAsync()).GetProperty("choices")[0].GetProperty("message");
        }

        var message = new JsonObject { ["role"] = "assistant", ["content"] = null };
        foreach (var data in (await answer.ReadEventsAsync()).Where(data => data != "[DONE]"))
        {
            foreach (var (name, value) in JsonNode.Parse(data)!["choices"]![0]!["delta"]!.AsObject())
            {
                switch (name)
                {
                    case "reasoning_content":
                        message[name] = (string?)message[name] + (string?)value;
                        break;
                    case "tool_calls" when message[name] is JsonArray known:
                        known[0]!["function"]!["arguments"] =
                            (string?)known[0]!["function"]!["arguments"] + (string?)value![0]!["function"]!["arguments"];
                        break;
                    case "tool_calls" or "reasoning_details":
                        message[name] = value!.DeepClone();
                        break;
                }
            }
        }

        return JsonElement.Parse(message.ToJsonString());
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream) => GatewayHost.StartAsync(azurite.StorageAccount, c =>
        c.Models.Providers = new Dictionary<string, ProviderSection>
        {
            ["mock"] = upstream.ProviderConfig(),
            ["other"] = upstream.ProviderConfig(),
        });
}
