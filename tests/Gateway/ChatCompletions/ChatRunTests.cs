using System.Net;
using System.Text.Json;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.ChatCompletions;

/// <summary>Chat completions through a real gateway and a scripted provider, both on sockets.</summary>
public class ChatRunTests
{
    private const string Hello = """{"model":"mock/test-model","messages":[{"role":"user","content":"Hello"}]}""";
    private const string HelloStream = """{"model":"mock/test-model","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    [Trait("Feature", "F37")]
    [Trait("Feature", "D13")]
    public async Task A_json_answer_is_one_completion_with_usage()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(call => call.StreamTextAsync("Good ", "day"));
        using var answer = await gateway.PostChatAsync(Hello);
        var body = await answer.ReadJsonAsync();

        Assert.Equal("chat.completion", body.GetProperty("object").GetString());
        Assert.Equal("mock/test-model", body.GetProperty("model").GetString());
        var choice = body.GetProperty("choices")[0];
        Assert.Equal("Good day", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(
            body.GetProperty("usage").GetProperty("prompt_tokens").GetInt64() + body.GetProperty("usage").GetProperty(
                "completion_tokens").GetInt64(),
            body.GetProperty("usage").GetProperty("total_tokens").GetInt64());
    }

    [Fact]
    [Trait("Feature", "F38")]
    [Trait("Feature", "D18")]
    public async Task A_stream_gives_each_delta_as_it_comes_and_ends_with_usage_and_done()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var seen = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("first");
            await seen.Task; // the second delta waits for the first to reach the client
            await call.SendDeltaAsync("second");
            await call.FinishAsync();
        });
        using var answer = await gateway.PostChatAsync(HelloStream, stream: true);
        var events = await ReadEventsAsync(answer, e => e.Contains("first", StringComparison.Ordinal) ? seen : null);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events[..^1].ConvertAll(e => JsonElement.Parse(e));
        Assert.Single(chunks.Select(c => c.GetProperty("id").GetString()).Distinct());
        Assert.Equal("assistant", chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal("firstsecond", string.Concat(chunks.Where(c => c.GetProperty("choices").GetArrayLength() > 0)
            .Select(c => c.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString()
                : "")));
        Assert.Equal("stop", chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.True(chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt64() > 0);
    }

    [Fact]
    [Trait("Feature", "F53")]
    public async Task Tool_calls_come_whole_as_json_and_in_pieces_as_a_stream()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_a", "get_weather", "{\"city\":");
            await call.SendCallAsync(0, null, null, "\"Paris\"}");
            await call.SendCallAsync(1, "call_b", "get_time", "{}");
            await call.FinishAsync("tool_calls");
        });
        const string tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"parameters\":{\"type\":\"object\"}}},{\"type\":\"function\",\"function\":{\"name\":\"get_time\"}}]";
        using var whole = await gateway.PostChatAsync(
            $$"""{"model":"mock/test-model",{{tools}},"messages":[{"role":"user","content":"Weather?"}]}""");
        using var streamed = await gateway.PostChatAsync(
            $$"""{"model":"mock/test-model","stream":true,{{tools}},"messages":[{"role":"user","content":"Weather?"}]}""");
        var message = (await whole.ReadJsonAsync()).GetProperty("choices")[0];

        Assert.Equal("tool_calls", message.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("message").GetProperty("content").ValueKind);
        var calls = message.GetProperty("message").GetProperty("tool_calls");
        Assert.Equal("{\"city\":\"Paris\"}", calls[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("call_b", calls[1].GetProperty("id").GetString());
        var pieces = (await streamed.ReadEventsAsync())[..^1].Select(
            e => JsonElement.Parse(e).GetProperty("choices")[0].GetProperty("delta"))
            .Where(d => d.TryGetProperty("tool_calls", out _)).Select(d => d.GetProperty("tool_calls")[0]).ToList();
        Assert.Equal("get_weather", pieces[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("{\"city\":\"Paris\"}", string.Concat(pieces.Where(p => p.GetProperty("index").GetInt32() == 0)
            .Select(p => p.GetProperty("function").GetProperty("arguments").GetString())));
        Assert.Equal("call_b", pieces.First(p => p.GetProperty("index").GetInt32() == 1).GetProperty("id").GetString());
    }

    [Fact]
    [Trait("Feature", "F47")]
    public async Task Request_settings_reach_the_provider()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, c => c.Agents.Defaults.SystemPrompt = "Agent prompt.");
        using var answer = await gateway.PostChatAsync("""
            {"model":"mock/test-model","temperature":0.3,"top_p":0.9,"presence_penalty":-1,"frequency_penalty":1.5,"seed":7,"stop":["x"],
             "max_completion_tokens":50,"parallel_tool_calls":false,"tool_choice":{"type":"function","function":{"name":"lookup"}},
             "tools":[{"type":"function","function":{"name":"lookup","description":"Looks up.","parameters":{"type":"object","properties":{"q":{"type":"string"}}},"strict":true}}],
             "response_format":{"type":"json_schema","json_schema":{"name":"out","schema":{"type":"object"},"strict":true}},
             "messages":[{"role":"system","content":"Caller prompt."},
               {"role":"user","content":[{"type":"text","text":"Look: "},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==","detail":"low"}}]},
               {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"lookup","arguments":"{\"q\":1}"}}]},
               {"role":"tool","tool_call_id":"c1","content":"found"},{"role":"user","content":"Go on"}]}
            """);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var sent = upstream.Requests[0].Body;

        Assert.Equal(0.3, sent.GetProperty("temperature").GetDouble(), 3);
        Assert.Equal(7, sent.GetProperty("seed").GetInt32());
        Assert.Equal(50, sent.GetProperty("max_tokens").GetInt32());
        Assert.False(sent.GetProperty("parallel_tool_calls").GetBoolean());
        Assert.Equal("lookup", sent.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString());
        Assert.True(sent.GetProperty("tools")[0].GetProperty("function").GetProperty("strict").GetBoolean());
        Assert.Equal("json_schema", sent.GetProperty("response_format").GetProperty("type").GetString());
        var messages = sent.GetProperty("messages");
        Assert.Equal("Agent prompt.\n\nCaller prompt.", messages[0].GetProperty("content").GetString());
        Assert.Equal("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", messages[1].GetProperty("content")[1].GetProperty("image_url").GetProperty("url").GetString());
        Assert.Equal("{\"q\":1}", messages[2].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal(("tool", "c1", "found"), (
            messages[3].GetProperty("role").GetString(), messages[3].GetProperty("tool_call_id").GetString(), messages[3].GetProperty(
                "content").GetString()));
    }

    [Fact]
    [Trait("Feature", "R17")]
    public async Task A_provider_that_dies_mid_stream_ends_in_an_error_object_and_done()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var seen = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await seen.Task;
            call.Reset();
        });
        using var answer = await gateway.PostChatAsync(HelloStream, stream: true);
        var events = await ReadEventsAsync(answer, e => e.Contains("half", StringComparison.Ordinal) ? seen : null);

        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal("upstream_interrupted", JsonElement.Parse(events[^2]).GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain(events, e => e.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401, "{}", HttpStatusCode.BadGateway, "upstream_authentication")]
    [InlineData(400, """{"error":{"code":"context_length_exceeded"}}""", HttpStatusCode.BadRequest, "context_length_exceeded")]
    [InlineData(429, """{"error":{"code":"insufficient_quota"}}""", HttpStatusCode.TooManyRequests, "insufficient_quota")]
    public async Task A_refusal_of_the_provider_keeps_its_meaning_and_hides_its_words(
        int status, string body, HttpStatusCode expected, string code)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        foreach (var request in (string[])[Hello, HelloStream])
        {
            upstream.NextStatus(status, body.Replace("}}", ",\"message\":\"canary words\"}}", StringComparison.Ordinal));
            using var answer = await gateway.PostChatAsync(request);
            Assert.Equal(expected, answer.StatusCode);
            Assert.DoesNotContain("canary words", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(code, (await answer.ReadErrorAsync()).Code);
        }
    }

    [Fact]
    [Trait("Feature", "R15")]
    public async Task A_client_that_leaves_cancels_the_call_to_the_provider()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var gone = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("hello");
            await call.ClientGone;
            gone.SetResult();
        });
        using (var answer = await gateway.PostChatAsync(HelloStream, stream: true))
        {
            var buffer = new byte[64];
            await using var body = await answer.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(buffer) > 0);
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    [Trait("Feature", "R14")]
    public async Task A_fallback_model_answers_when_the_primary_fails()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, c => c.Agents.Defaults.Model = new() { Primary = "mock/first", Fallbacks = ["mock/second"] });
        upstream.Always(call => call.Model == "first" ? call.RespondAsync(401, "{}") : call.StreamTextAsync("from second"));
        using var answer = await gateway.PostChatAsync("""{"model":"openclaw","messages":[{"role":"user","content":"Hello"}]}""");
        Assert.Equal("from second", (await answer.ReadJsonAsync()).GetProperty("choices")[0].GetProperty("message").GetProperty(
            "content").GetString());
    }

    [Fact]
    [Trait("Feature", "T34")]
    public async Task No_secret_reaches_the_log_even_from_a_provider_that_repeats_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, c => c.Models.Providers["mock"].ApiKey = "sk-canary-77aa88bb99");
        upstream.NextStatus(401, """{"error":{"message":"Incorrect API key provided: sk-canary-77aa88bb99"}}""");
        using var answer = await gateway.PostChatAsync(Hello);

        Assert.Equal("Bearer sk-canary-77aa88bb99", upstream.Requests[0].Headers["Authorization"]);
        Assert.DoesNotContain("sk-canary-77aa88bb99", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-canary-77aa88bb99", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayHost.Token, gateway.Log, StringComparison.Ordinal);
    }

    /// <summary>Reads events one by one and sets what <paramref name="signal"/> names for one.</summary>
    private static async Task<List<string>> ReadEventsAsync(HttpResponseMessage answer, Func<string, TaskCompletionSource?> signal)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var events = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(line[6..]);
                signal(line)?.TrySetResult();
            }
        }

        return events;
    }

    private static Task<GatewayHost> StartAsync(
        ScriptedUpstream upstream, Action<OpenClaw.Configuration.GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(configure: c =>
        {
            c.Models.Providers = new Dictionary<string, OpenClaw.Configuration.ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            configure?.Invoke(c);
        });
}
