using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Tests.Conformance;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>What becomes of a provider's answer: items, status, usage, failures.</summary>
public class ResponseRunTests(AzuriteFixture azurite)
{
    private const string Tools = "\"tools\":[{\"type\":\"function\",\"name\":\"look\"},{\"type\":\"function\",\"name\":\"act\"}],";

    [Fact]
    [Trait("Feature", "F64")]
    [Trait("Feature", "F65")]
    public async Task Usage_has_five_figures_whatever_the_provider_calls_them()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        foreach (var usage in (string[])[
            """{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}""",
            """{"input_tokens":11,"output_tokens":7,"input_tokens_details":{"cached_tokens":4},"output_tokens_details":{"reasoning_tokens":2}}"""])
        {
            upstream.Next(async call =>
            {
                await call.StartStreamAsync();
                await call.SendDeltaAsync("Hi");
                await call.SendChunkAsync([], "stop", JsonNode.Parse(usage)!.AsObject());
                await call.SendEventAsync("[DONE]");
            });
            var read = (await gateway.CreateAsync(Request())).GetProperty("usage");
            Assert.Equal(
                (11, 7, 18, 4, 2),
                (read.GetProperty("input_tokens").GetInt32(), read.GetProperty("output_tokens").GetInt32(), read.GetProperty(
                    "total_tokens").GetInt32(),
                 read.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32(),
                 read.GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt32()));
        }
    }

    [Fact]
    [Trait("Feature", "F48")]
    public async Task Request_settings_are_echoed_and_fields_without_effect_are_accepted()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var response = await gateway.CreateAsync("""
            {"model":"openclaw","store":false,"input":"Hi","metadata":{"a":"b"},"reasoning":{"effort":"high"},"truncation":"auto","max_tool_calls":3,
             "max_output_tokens":500,"temperature":0.5,"top_p":0.25,"parallel_tool_calls":false,"safety_identifier":"s","prompt_cache_key":"p",
             "service_tier":"flex","user":null,"text":{"verbosity":"low","format":{"type":"json_schema","name":"n","strict":true,
               "schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}}},
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}},{"type":"function","name":"g","description":"G","strict":false}],
             "tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"g"}]}}
            """);

        Assert.Empty(ResponseSchema.Check(response, "response"));
        Assert.Equal("b", response.GetProperty("metadata").GetProperty("a").GetString());
        Assert.Equal("""{"effort":"high","summary":null}""", response.GetProperty("reasoning").GetRawText());
        Assert.Equal(("auto", 3, 500), (
            response.GetProperty("truncation").GetString(), response.GetProperty("max_tool_calls").GetInt32(), response.GetProperty(
            "max_output_tokens").GetInt32()));
        Assert.Equal((0.5, 0.25), (response.GetProperty("temperature").GetDouble(), response.GetProperty("top_p").GetDouble()));
        Assert.False(response.GetProperty("parallel_tool_calls").GetBoolean());
        Assert.Equal(("s", "p", "flex"), (
            response.GetProperty("safety_identifier").GetString(), response.GetProperty(
            "prompt_cache_key").GetString(), response.GetProperty("service_tier").GetString()));
        Assert.Equal("a", response.GetProperty("text").GetProperty("format").GetProperty("schema").GetProperty("required")[0].GetString());
        Assert.Equal("low", response.GetProperty("text").GetProperty("verbosity").GetString());
        Assert.Equal(["f", "g"], response.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.Equal("allowed_tools", response.GetProperty("tool_choice").Type());
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(response.Text()).ValueKind);
    }

    [Fact]
    [Trait("Feature", "F46")]
    public async Task The_channel_header_is_accepted()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var response = await gateway.CreateAsync(
            """{"store":false,"input":"Hi"}""", r => r.Headers.Add("x-openclaw-message-channel", "slack"));
        Assert.Equal("completed", response.Status());
    }

    [Theory]
    [InlineData("length", "max_output_tokens")]
    [InlineData("content_filter", "content_filter")]
    public async Task A_cut_answer_is_incomplete_and_says_why(string finish, string reason)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await call.FinishAsync(finish);
        });
        var whole = await gateway.CreateAsync(Request());
        var events = await gateway.StreamAsync(Request("\"stream\":true,"));

        Assert.Equal("response.incomplete", events[^1].Type());
        foreach (var response in (JsonElement[])[whole, events[^1].GetProperty("response")])
        {
            Assert.Empty(ResponseSchema.Check(response, "response"));
            Assert.Equal("incomplete", response.Status());
            Assert.Equal(reason, response.GetProperty("incomplete_details").GetProperty("reason").GetString());
            Assert.Equal("incomplete", response.GetProperty("output")[0].Status());
            Assert.Equal(JsonValueKind.Null, response.GetProperty("completed_at").ValueKind);
        }
    }

    [Fact]
    public async Task A_refusal_and_reasoning_have_events_of_their_own()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendChunkAsync(new JsonObject { ["reasoning_content"] = "Let me " });
            await call.SendChunkAsync(new JsonObject { ["reasoning_content"] = "think." });
            await call.SendChunkAsync(new JsonObject { ["refusal"] = "I " });
            await call.SendChunkAsync(new JsonObject { ["refusal"] = "cannot." });
            await call.FinishAsync();
        });
        var events = await gateway.StreamAsync(Request("\"stream\":true,"));

        Assert.All(events, e => Assert.Empty(ResponseSchema.CheckEvent(e)));
        Assert.Equal("Let me think.", Deltas(events, "response.reasoning_summary_text.delta"));
        Assert.Equal("I cannot.", Deltas(events, "response.refusal.delta"));
        Assert.Single(events, e => e.Type() == "response.reasoning_summary_part.added");
        Assert.Single(events, e => e.Type() == "response.reasoning_summary_part.done");
        Assert.Equal("I cannot.", Assert.Single(events, e => e.Type() == "response.refusal.done").GetProperty("refusal").GetString());
        var output = events[^1].GetProperty("response").GetProperty("output");
        Assert.Equal("Let me think.", output[0].GetProperty("summary")[0].GetProperty("text").GetString());
        Assert.Equal("refusal", output[1].GetProperty("content")[0].Type());
    }

    [Fact]
    public async Task A_required_tool_that_is_not_called_fails_with_502_or_in_the_stream()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        using var whole = await gateway.PostResponseAsync(Request(Tools + "\"tool_choice\":\"required\","));
        var events = await gateway.StreamAsync(Request(Tools + "\"stream\":true,\"tool_choice\":\"required\","));

        Assert.Equal((HttpStatusCode.BadGateway, "tool_choice_not_met"), (whole.StatusCode, (await whole.ReadErrorAsync()).Code));
        Assert.Equal("response.failed", events[^1].Type());
        Assert.Equal("tool_choice_not_met", events[^1].GetProperty("response").GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("\"tool_choice\":{\"type\":\"allowed_tools\",\"tools\":[{\"type\":\"function\",\"name\":\"act\"}]},", "act")]
    [InlineData("\"tool_choice\":\"none\",", "")]
    [InlineData("\"max_tool_calls\":1,", "look")]
    [InlineData("", "look,act")]
    public async Task Calls_that_the_request_does_not_allow_are_suppressed(string choice, string expected)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_a", "look", "{}");
            await call.SendCallAsync(1, "call_b", "invented", "{}");
            await call.SendCallAsync(2, "call_c", "act", "{}");
            await call.FinishAsync("tool_calls");
        });
        var response = await gateway.CreateAsync(Request(Tools + choice));
        var calls = response.GetProperty("output").EnumerateArray().Where(i => i.Type() == "function_call").Select(
            i => i.GetProperty("name").GetString());
        Assert.Equal(expected, string.Join(',', calls));
    }

    [Fact]
    [Trait("Feature", "R17")]
    public async Task A_provider_that_dies_mid_stream_ends_in_failed_and_done_and_what_was_said_is_kept()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, azurite.StorageAccount);
        var seen = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await seen.Task;
            call.Reset();
        });
        using var exchange = await RawExchange.PostAsync(
            new Uri(gateway.Url), ResponsesGateway.Path, """{"model":"mock/test-model","stream":true,"input":"Hi"}""");
        var stream = new SuiteStream();
        while (await exchange.ReadChunkAsync() is { } chunk)
        {
            stream.AddChunk(chunk);
            seen.TrySetResult();
        }

        Assert.Empty(stream.Faults);
        Assert.True(stream.IsDone);
        var response = stream.Final!.Value;
        Assert.Equal(("failed", "upstream_interrupted"), (
            response.Status(), response.GetProperty("error").GetProperty("code").GetString()));
        using var stored = await gateway.Client.GetAsync($"{ResponsesGateway.Path}/{response.Id()}");
        var kept = await stored.ReadJsonAsync();
        Assert.Equal(("failed", "half", "incomplete"), (kept.Status(), kept.Text(), kept.GetProperty("output")[0].Status()));
    }

    [Fact]
    [Trait("Feature", "R17")]
    public async Task A_piece_of_a_call_that_is_already_closed_fails_the_stream_with_what_there_was()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_a", "look", "{}");
            await call.SendDeltaAsync("text");
            await call.SendCallAsync(0, null, null, "{}");
            await call.FinishAsync("tool_calls");
        });
        var events = await gateway.StreamAsync(Request(Tools + "\"stream\":true,"));

        Assert.All(events, e => Assert.Empty(ResponseSchema.CheckEvent(e)));
        var response = events[^1].GetProperty("response");
        Assert.Equal(("failed", "upstream_protocol"), (response.Status(), response.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(["function_call", "message"], response.GetProperty("output").EnumerateArray().Select(i => i.Type()));
    }

    [Fact]
    [Trait("Feature", "R15")]
    public async Task A_client_that_leaves_cancels_the_call_on_both_hosts()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await using var host = await FunctionsHost.StartAsync(new Dictionary<string, string>
        {
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
            ["OPENCLAW__models__providers__mock__baseUrl"] = upstream.BaseUrl,
            ["OPENCLAW__models__providers__mock__api"] = "openai-completions",
        });
        foreach (var url in (Uri[])[new Uri(gateway.Url), host.BaseUrl])
        {
            var gone = new TaskCompletionSource();
            upstream.Next(async call =>
            {
                await call.StartStreamAsync();
                await call.SendDeltaAsync("hello");
                await call.ClientGone;
                gone.SetResult();
            });
            using (var exchange = await RawExchange.PostAsync(url, ResponsesGateway.Path, Request("\"stream\":true,")))
            {
                Assert.Equal(200, exchange.Status);
                await exchange.ReadChunkAsync();
            }

            await gone.Task.WaitAsync(FunctionsHost.Patience);
        }
    }

    private static string Deltas(IEnumerable<JsonElement> events, string type) =>
        string.Concat(events.Where(e => e.Type() == type).Select(e => e.GetProperty("delta").GetString()));

    private static string Request(string more = "") => $$"""{"model":"mock/test-model",{{more}}"store":false,"input":"Hi"}""";

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream, OpenClaw.Storage.StorageAccount? storage = null) =>
        ResponsesGateway.StartAsync(upstream, storage);
}
