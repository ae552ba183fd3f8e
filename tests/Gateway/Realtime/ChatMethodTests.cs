using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>Runs of the control plane: sent, streamed, cancelled, seen by others, found again.</summary>
public class ChatMethodTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F4")]
    [Trait("Feature", "F90")]
    public async Task A_message_is_answered_in_deltas_and_one_final_event()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await using var client = await ControlClient.ConnectAsync(gateway);
        var more = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("Hel");
            await more.Task;
            await call.SendDeltaAsync("lo");
            await call.FinishAsync();
        });
        var sent = await client.RequestAsync("chat.send", Send("k1", "hi"));
        Assert.Equal(("k1", "started"), (Text(sent, "runId"), Text(sent, "status")));
        var first = await client.EventAsync("chat");
        Assert.Equal(("delta", "Hel", "agent:main:main", "k1"), (
            Text(first, "state"), Text(first, "deltaText"), Text(first, "sessionKey"), Text(first, "runId")));
        more.SetResult();
        var rest = await client.ChatAsync("k1");

        Assert.Equal("final", Text(rest[^1], "state"));
        Assert.Equal("stop", Text(rest[^1], "stopReason"));
        Assert.Equal("Hello", TextOf(rest[^1].GetProperty("message")));
        Assert.Equal("Hello", Text(first, "deltaText") + string.Concat(rest[..^1].Select(e => Text(e, "deltaText"))));
        Assert.Equal(Enumerable.Range(0, rest.Count + 1), rest.Prepend(first).Select(e => e.GetProperty("seq").GetInt32()));
        Assert.Equal("ok", Text(await client.RequestAsync("chat.send", Send("k1", "hi")), "status"));
        Assert.Single(upstream.Requests);
        Assert.Equal("IDEMPOTENCY_MISMATCH", Text((await client.FailAsync("chat.send", Send("k1", "other"))).GetProperty("details"), "code"));
    }

    [Fact]
    public async Task The_transcript_has_the_clients_keys_and_a_cursor_gives_what_came_since()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await using var client = await ControlClient.ConnectAsync(gateway);
        var empty = await client.RequestAsync("chat.startup", """{"sessionKey":"main","limit":80,"maxBytes":262144}""");
        Assert.Equal(("agent:main:main", 0), (Text(empty, "sessionKey"), empty.GetProperty("messages").GetArrayLength()));
        Assert.Equal("test-model", Text(empty.GetProperty("metadata").GetProperty("models")[0], "id"));
        await SendAsync(client, "k1", "one");
        var page = await client.RequestAsync("chat.history", """{"sessionKey":"main"}""");
        await SendAsync(client, "k2", "two");
        var cursor = Text(page, "deltaCursor");
        var delta = await client.RequestAsync("chat.history", $$"""{"sessionKey":"main","cursor":"{{cursor}}"}""");
        var last = await client.RequestAsync("chat.history", """{"sessionKey":"main","limit":1}""");

        var messages = page.GetProperty("messages");
        Assert.Equal(["user", "assistant"], messages.EnumerateArray().Select(m => Text(m, "role")));
        Assert.Equal(("k1", "k1"), (Text(messages[0], "idempotencyKey"), Text(messages[0].GetProperty("__openclaw"), "idempotencyKey")));
        Assert.Equal("delta", Text(delta, "kind"));
        Assert.Equal(["two", "two"], delta.GetProperty("messages").EnumerateArray().Select(m => TextOf(m.GetProperty("message"))));
        Assert.Equal((true, 4, 1), (
            last.GetProperty("hasMore").GetBoolean(), last.GetProperty("totalMessages").GetInt32(), last.GetProperty("messages").GetArrayLength()));
        await client.RequestAsync("sessions.reset", """{"key":"main"}""");
        var reset = await client.RequestAsync("chat.history", $$"""{"sessionKey":"main","cursor":"{{cursor}}"}""");
        Assert.Equal("reset", Text(reset, "kind"));
        Assert.NotEqual(Text(page, "sessionId"), Text(reset, "sessionId"));
    }

    [Theory]
    [InlineData("""{"sessionKey":"main","runId":"k1"}""")]
    [InlineData("""{"sessionKey":"main"}""")]
    public async Task A_run_is_cancelled_from_another_instance_and_its_partial_answer_is_kept(string abort)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await StartAsync(upstream);
        await using var two = await StartAsync(upstream, one.Prefix);
        await using var client = await ControlClient.ConnectAsync(one);
        await using var other = await ControlClient.ConnectAsync(two);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await call.ClientGone;
        });
        await client.RequestAsync("chat.send", Send("k1", "long"));
        await client.EventAsync("chat");
        var aborted = await other.RequestAsync("chat.abort", abort);
        var end = (await client.ChatAsync("k1"))[^1];

        Assert.Equal((true, "k1"), (aborted.GetProperty("aborted").GetBoolean(), aborted.GetProperty("runIds")[0].GetString()));
        Assert.Equal(("aborted", "half"), (Text(end, "state"), TextOf(end.GetProperty("message"))));
        var kept = (await other.RequestAsync("chat.history", """{"sessionKey":"main"}""")).GetProperty("messages")[1];
        Assert.Equal("half", TextOf(kept));
        Assert.True(kept.GetProperty("openclawAbort").GetProperty("aborted").GetBoolean());
        Assert.False((await client.RequestAsync("chat.abort", abort)).GetProperty("aborted").GetBoolean());
    }

    [Fact]
    public async Task A_failure_of_the_model_is_an_error_event()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await using var client = await ControlClient.ConnectAsync(gateway);
        upstream.NextStatus(400, """{"error":{"message":"no","code":"context_length_exceeded"}}""");
        upstream.NextStatus(400, """{"error":{"message":"no","code":"context_length_exceeded"}}""");
        await client.RequestAsync("chat.send", Send("k1", "hi"));
        var end = (await client.ChatAsync("k1"))[^1];

        Assert.Equal(("error", "context_length"), (Text(end, "state"), Text(end, "errorKind")));
        Assert.NotEmpty(Text(end, "errorMessage")!);
    }

    [Fact]
    public async Task A_second_client_sees_the_run_of_the_first_and_of_other_surfaces_and_subscribers_get_messages()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await using var watcher = await ControlClient.ConnectAsync(gateway, "operator.read");
        await using var blind = await ControlClient.ConnectAsync(gateway, "operator.pairing");
        await watcher.RequestAsync("sessions.subscribe");
        await watcher.RequestAsync("sessions.messages.subscribe", """{"key":"agent:main:api:s"}""");
        using var answer = await gateway.PostAsync("/api/chat", """{"message":"from rest","sessionId":"s"}""");

        Assert.Equal("from rest", TextOf((await watcher.EventAsync("session.message")).GetProperty("message")));
        var final = await watcher.EventAsync("chat", p => Text(p, "state") == "final");
        Assert.Equal("agent:main:api:s", Text(final, "sessionKey"));
        var changed = await watcher.EventAsync("sessions.changed", p => Text(p, "reason") == "agent.input.settled");
        Assert.False(changed.GetProperty("session").GetProperty("hasActiveRun").GetBoolean());
        await blind.RequestAsync("health");
        Assert.DoesNotContain(blind.Frames, f => f.Contains("\"event\":\"chat\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_comes_in_the_middle_gets_the_answer_so_far_and_the_rest()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var more = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("first ");
            await more.Task;
            await call.SendDeltaAsync("second");
            await call.FinishAsync();
        });
        await using (var gone = await ControlClient.ConnectAsync(gateway))
        {
            await gone.RequestAsync("chat.send", Send("k1", "hi"));
            await gone.EventAsync("chat");
        }

        await using var client = await ControlClient.ConnectAsync(gateway);
        var startup = await client.RequestAsync("chat.startup", """{"sessionKey":"main"}""");
        var inFlight = startup.GetProperty("inFlightRun");
        Assert.Equal(("k1", "first "), (Text(inFlight, "runId"), Text(inFlight, "text")));
        Assert.Equal("k1", startup.GetProperty("sessionInfo").GetProperty("activeRunIds")[0].GetString());
        Assert.Equal("in_flight", Text(await client.RequestAsync("chat.send", Send("k1", "hi")), "status"));
        more.SetResult();
        Assert.Equal("first second", TextOf((await client.ChatAsync("k1"))[^1].GetProperty("message")));
    }

    [Fact]
    public async Task A_client_of_another_instance_sees_the_run_of_a_session_that_it_subscribed_to()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await StartAsync(upstream);
        await using var two = await StartAsync(upstream, one.Prefix);
        await using var client = await ControlClient.ConnectAsync(one);
        await using var other = await ControlClient.ConnectAsync(two);
        await other.RequestAsync("sessions.messages.subscribe", """{"key":"main"}""");
        var more = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("far ");
            await more.Task;
            await call.SendDeltaAsync("away");
            await call.FinishAsync();
        });
        await client.RequestAsync("chat.send", Send("k1", "hi"));
        Assert.Equal("far ", TextOf((await other.EventAsync("chat")).GetProperty("message")));
        more.SetResult();
        Assert.Equal("far away", TextOf((await other.ChatAsync("k1"))[^1].GetProperty("message")));
    }

    [Fact]
    public async Task Agent_answers_twice_and_wait_tells_the_end_or_the_time_out()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await using var client = await ControlClient.ConnectAsync(gateway);
        var more = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await more.Task;
            await call.StreamTextAsync("done");
        });
        var id = await client.BeginAsync("agent", """{"message":"do","agentId":"main","idempotencyKey":"a1","deliver":false}""");
        var accepted = (await client.AnswerAsync(id)).GetProperty("payload");
        Assert.Equal(("accepted", "a1"), (Text(accepted, "status"), Text(accepted, "runId")));
        Assert.Equal("timeout", Text(await client.RequestAsync("agent.wait", """{"runId":"a1","timeoutMs":1}"""), "status"));
        more.SetResult();
        var ok = (await client.AnswerAsync(id)).GetProperty("payload");
        var waited = await client.RequestAsync("agent.wait", """{"runId":"a1","timeoutMs":10000}""");

        Assert.Equal("done", Text(ok.GetProperty("result").GetProperty("payloads")[0], "text"));
        Assert.Equal(("ok", "done"), (Text(waited, "status"), Text(waited.GetProperty("terminalReply"), "text")));
        Assert.Equal("RUN_NOT_FOUND", Text((await client.FailAsync("agent.wait", """{"runId":"none"}""")).GetProperty("details"), "code"));
        var task = (await client.RequestAsync("tasks.list", """{"status":["completed"]}""")).GetProperty("tasks")[0];
        Assert.Equal(("a1", "agent:main:main"), (Text(task, "runId"), Text(task, "sessionKey")));
    }

    [Theory]
    [InlineData("""{"sessionKey":"main","message":"x","idempotencyKey":"k","bogus":1}""", "invalid chat.send params: at root: unexpected property 'bogus'")]
    [InlineData("""{"sessionKey":"main","idempotencyKey":"k"}""", "invalid chat.send params: must have required property 'message'")]
    [InlineData("""{"sessionKey":"","message":1,"idempotencyKey":"k"}""",
        "invalid chat.send params: at /sessionKey: must NOT have fewer than 1 characters; at /message: must be string")]
    [InlineData("""{"sessionKey":"main","message":"x","idempotencyKey":"k","timeoutMs":-1}""", "invalid chat.send params: at /timeoutMs: must be >= 0")]
    [InlineData("[]", "invalid chat.send params: must be object")]
    [Trait("Feature", "F11")]
    public async Task Parameters_at_fault_are_named_in_the_originals_words(string parameters, string message)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway);
        Assert.Equal(message, Text(await client.FailAsync("chat.send", parameters), "message"));
    }

    [Fact]
    public async Task Modes_of_the_queue_that_this_gateway_lacks_are_refused_by_name_and_interrupt_cancels_what_runs()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await using var client = await ControlClient.ConnectAsync(gateway);
        var refused = await client.FailAsync("chat.send", """{"sessionKey":"main","message":"x","idempotencyKey":"s","queueMode":"steer"}""");
        Assert.Contains("steer", Text(refused, "message"), StringComparison.Ordinal);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("never ends");
            await call.ClientGone;
        });
        await client.RequestAsync("chat.send", Send("k1", "long"));
        await client.EventAsync("chat");
        await client.RequestAsync("chat.send", """{"sessionKey":"main","message":"now","idempotencyKey":"k2","queueMode":"interrupt"}""");
        Assert.Equal("aborted", Text((await client.ChatAsync("k1"))[^1], "state"));
        Assert.Equal("now", TextOf((await client.ChatAsync("k2"))[^1].GetProperty("message")));
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, string? prefix = null) =>
        ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig(models: "test-model") };
            c.Storage.Prefix = prefix ?? c.Storage.Prefix;
        });

    private static string Send(string key, string message) =>
        $$"""{"sessionKey":"main","message":"{{message}}","idempotencyKey":"{{key}}","deliver":false,"sessionId":"s","expectedLeafEntryId":null}""";

    private static async Task SendAsync(ControlClient client, string key, string message)
    {
        await client.RequestAsync("chat.send", Send(key, message));
        Assert.Equal("final", Text((await client.ChatAsync(key))[^1], "state"));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string TextOf(JsonElement message) =>
        string.Concat(message.GetProperty("content").EnumerateArray().Select(p => p.GetProperty("text").GetString()));
}
