using System.Net;
using System.Text.Json;
using OpenClaw.Tests.Support;
using Xunit;
using static OpenClaw.Tests.Gateway.Messages.MessagesGateway;

namespace OpenClaw.Tests.Gateway.Messages;

/// <summary>Messages through a real gateway and a scripted provider, both on sockets.</summary>
public class MessageRunTests(AzuriteFixture azurite)
{
    private static readonly string[] OrderOfText =
    [
        "message_start", "ping", "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop",
            "message_delta", "message_stop",
    ];

    [Fact]
    public async Task A_json_answer_is_one_message_with_usage()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(call => call.StreamTextAsync("Good ", "day"));
        var message = await gateway.CreateMessageAsync(Hello());

        Assert.StartsWith("msg_", message.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal("assistant", message.GetProperty("role").GetString());
        Assert.Equal("mock/test-model", message.GetProperty("model").GetString());
        Assert.Equal("""[{"type":"text","text":"Good day"}]""", message.GetProperty("content").GetRawText());
        Assert.Equal("end_turn", message.GetProperty("stop_reason").GetString());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("stop_sequence").ValueKind);
        Assert.Equal(
            """{"input_tokens":3,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":2}""", message.GetProperty(
                "usage").GetRawText());
    }

    [Fact]
    public async Task A_stream_gives_each_delta_as_it_comes_and_every_event_in_its_place()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var seen = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("first ");
            await seen.Task; // the second delta waits for the first to reach the client
            await call.SendDeltaAsync("second");
            await call.FinishAsync();
        });
        using var answer = await gateway.PostMessageAsync(Hello("\"stream\":true,"), stream: true);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var events = new List<JsonElement>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(JsonElement.Parse(line[6..]));
                _ = line.Contains("first", StringComparison.Ordinal) && seen.TrySetResult();
            }
        }

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("req_", answer.Headers.GetValues("request-id").Single(), StringComparison.Ordinal);
        Assert.Equal(OrderOfText, events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal("""[{"type":"text","text":"first second"}]""", events.Content());
        var start = events[0].GetProperty("message");
        Assert.Equal(
            ("message", "mock/test-model", 0, JsonValueKind.Null),
            (start.GetProperty("type").GetString(), start.GetProperty("model").GetString(), start.GetProperty(
                "content").GetArrayLength(), start.GetProperty("stop_reason").ValueKind));
        var delta = events[^2];
        Assert.Equal("""{"stop_reason":"end_turn","stop_sequence":null}""", delta.GetProperty("delta").GetRawText());
        Assert.Equal(3, delta.GetProperty("usage").GetProperty("input_tokens").GetInt64());
        Assert.Equal(2, delta.GetProperty("usage").GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public async Task Tool_calls_are_blocks_of_their_own_as_json_and_as_a_stream()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("Let me see.");
            await call.SendCallAsync(0, "call_a", "get_weather", "{\"city\":");
            await call.SendCallAsync(0, null, null, "\"Paris\"}");
            await call.SendCallAsync(1, "call_b", "get_time", "");
            await call.FinishAsync("tool_calls");
        });
        var whole = await gateway.CreateMessageAsync(Hello(WeatherTools + ","));
        var events = await gateway.StreamMessageAsync(Hello(WeatherTools + ",\"stream\":true,"));

        const string expected = """
            [{"type":"text","text":"Let me see."},{"type":"tool_use","id":"call_a","name":"get_weather","input":{"city":"Paris"}},{"type":"tool_use","id":"call_b","name":"get_time","input":{}}]
            """;
        Assert.Equal(expected, whole.GetProperty("content").GetRawText());
        Assert.Equal(expected, events.Content());
        Assert.Equal("tool_use", whole.GetProperty("stop_reason").GetString());
        Assert.Equal("tool_use", events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
    }

    [Fact]
    public async Task A_call_without_valid_arguments_is_still_an_object()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_a", "get_weather", "{\"city\":");
            await call.FinishAsync("length");
        });
        var message = await gateway.CreateMessageAsync(Hello(WeatherTools + ","));

        Assert.Equal("max_tokens", message.GetProperty("stop_reason").GetString());
        Assert.Equal("{\"city\":", message.GetProperty("content")[0].GetProperty("input").GetProperty("malformed_arguments").GetString());
    }

    [Theory]
    [InlineData("stop", "end_turn")]
    [InlineData("length", "max_tokens")]
    [InlineData("content_filter", "refusal")]
    public async Task The_reason_to_stop_is_in_anthropics_words(string finish, string reason)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("x");
            await call.FinishAsync(finish);
        });

        Assert.Equal(reason, (await gateway.CreateMessageAsync(Hello())).GetProperty("stop_reason").GetString());
    }

    [Fact]
    public async Task A_refusal_in_words_is_text_and_the_reason_to_stop()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(async call =>
        {
            await call.StartStreamAsync();
            await call.SendChunkAsync(new() { ["refusal"] = "I will not." });
            await call.FinishAsync();
        });
        var whole = await gateway.CreateMessageAsync(Hello());
        var events = await gateway.StreamMessageAsync(Hello("\"stream\":true,"));

        Assert.Equal("""[{"type":"text","text":"I will not."}]""", whole.GetProperty("content").GetRawText());
        Assert.Equal("""[{"type":"text","text":"I will not."}]""", events.Content());
        Assert.Equal("refusal", whole.GetProperty("stop_reason").GetString());
        Assert.Equal("refusal", events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
    }

    [Fact]
    public async Task The_stop_sequence_that_ended_the_answer_is_named()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, Anthropic);
        upstream.Always(call => SendAsync(
            call,
            """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"x","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":4,"cache_creation_input_tokens":2,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"one "}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{"output_tokens":9}}""",
            """{"type":"message_stop"}"""));
        var whole = await gateway.CreateMessageAsync(Hello("\"stop_sequences\":[\"END\",\"x\"],"));
        var events = await gateway.StreamMessageAsync(Hello("\"stream\":true,\"stop_sequences\":[\"END\"],"));

        Assert.Equal("END", upstream.Requests[0].Body.GetProperty("stop_sequences")[0].GetString());
        Assert.Equal("stop_sequence", whole.GetProperty("stop_reason").GetString());
        Assert.Equal("END", whole.GetProperty("stop_sequence").GetString());
        Assert.Equal("""{"stop_reason":"stop_sequence","stop_sequence":"END"}""", events[^2].GetProperty("delta").GetRawText());
        const string usage = """{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":4,"output_tokens":9}""";
        Assert.Equal(usage, whole.GetProperty("usage").GetRawText()); // input without what was cached, as Anthropic counts
        Assert.Equal(usage, events[^2].GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task An_answer_without_content_has_no_block()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(call => call.StreamTextAsync());
        var whole = await gateway.CreateMessageAsync(Hello());
        var events = await gateway.StreamMessageAsync(Hello("\"stream\":true,"));

        Assert.Equal(0, whole.GetProperty("content").GetArrayLength());
        Assert.Equal(["message_start", "ping", "message_delta", "message_stop"], events.Select(e => e.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_failure_after_the_first_byte_is_an_error_event_and_the_last_one()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("Hel");
            await call.SendEventAsync("""{"error":{"message":"out of order","type":"server_error"}}""");
        });
        using var answer = await gateway.PostMessageAsync(Hello("\"stream\":true,"));
        var last = JsonElement.Parse((await answer.ReadEventsAsync())[^1]);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("error", last.GetProperty("type").GetString());
        Assert.Equal("api_error", last.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(answer.Headers.GetValues("request-id").Single(), last.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task Metadata_makes_no_session_and_the_session_header_does()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, storage: azurite.StorageAccount);
        await gateway.CreateMessageAsync(Hello("\"metadata\":{\"user_id\":\"ann\"},"));
        await gateway.CreateMessageAsync(Hello("\"metadata\":{\"user_id\":\"ann\"},"));
        await gateway.CreateMessageAsync(Hello(), r => r.Headers.Add("x-openclaw-session-key", "s1"));
        await gateway.CreateMessageAsync(Hello(), r => r.Headers.Add("x-openclaw-session-key", "s1"));

        Assert.Equal([1, 1, 1, 3], upstream.Requests.Select(r => r.Body.GetProperty("messages").GetArrayLength()));
    }

    [Fact]
    public async Task A_repeated_idempotency_key_gets_the_first_answer()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, storage: azurite.StorageAccount);
        var first = await gateway.CreateMessageAsync(Hello(), r => r.Headers.Add("Idempotency-Key", "k1"));
        var second = await gateway.CreateMessageAsync(Hello(), r => r.Headers.Add("Idempotency-Key", "k1"));

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Single(upstream.Requests);
    }

    private static async Task SendAsync(UpstreamCall call, params string[] events)
    {
        await call.StartStreamAsync();
        foreach (var next in events)
        {
            await call.SendEventAsync(next);
        }
    }
}
