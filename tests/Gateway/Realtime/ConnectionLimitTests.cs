using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>What one client, or one caller, can take of the gateway.</summary>
[Trait("Feature", "F11")]
public class ConnectionLimitTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_caller_has_so_many_connections_and_another_caller_its_own()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c => c.Gateway.Realtime.MaxConnectionsPerCaller = 2);
        var (_, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var first = await ControlClient.ConnectAsync(gateway);
        await using (await ControlClient.ConnectAsync(gateway))
        {
            await using var third = await ControlClient.OpenAsync(gateway);
            var error = await third.FailAsync("connect", ControlClient.ConnectParams());
            Assert.Equal(("UNAVAILABLE", "TOO_MANY_CONNECTIONS"), (Text(error, "code"), Text(error.GetProperty("details"), "code")));
            Assert.Equal((1013, "too many connections"), await third.ClosedAsync());

            await using var simple = await ControlClient.OpenAsync(gateway, "/ws");
            await simple.SendAsync($$"""{"type":"auth","token":"{{GatewayHost.Token}}"}""");
            Assert.Equal("TOO_MANY_CONNECTIONS", Text(await simple.NextAsync(), "code"));
            Assert.Equal(1013, (await simple.ClosedAsync()).Code);

            await using var other = await ControlClient.OpenAsync(gateway);
            await other.RequestAsync("connect", ControlClient.ConnectParams(token: key));
            await first.EventAsync("presence", p => p.GetProperty("presence").GetArrayLength() == 4);
        }

        await first.EventAsync("presence", p => p.GetProperty("presence").GetArrayLength() == 2);
        await using var again = await ControlClient.ConnectAsync(gateway);
        Assert.True((await again.RequestAsync("health")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_closed_and_no_other_one_notices()
    {
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Gateway.Realtime.MaxBufferedBytes = 1_000_000);
        Assert.Equal(1_000_000, (await ConnectAgainAsync(gateway)).GetProperty("policy").GetProperty("maxBufferedBytes").GetInt32());
        using var filled = await gateway.PostAsync(
            "/api/chat", $$"""{"message":"{{new string('x', 200_000)}}","sessionId":"agent:main:full"}""");
        Assert.True(filled.IsSuccessStatusCode);
        await using var other = await ControlClient.ConnectAsync(gateway);
        using var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        await socket.ConnectAsync(new Uri(gateway.Url.Replace("http://", "ws://", StringComparison.Ordinal) + "/ws"), default);
        await SendAsync(socket, $$"""{"type":"req","id":"c","method":"connect","params":{{ControlClient.ConnectParams()}}}""");
        for (var i = 0; i < 60; i++)
        {
            await SendAsync(socket, """{"type":"req","id":"1","method":"sessions.get","params":{"key":"agent:main:full"}}""");
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!gateway.Log.Contains("its client takes too little", StringComparison.Ordinal))
        {
            patience.Token.ThrowIfCancellationRequested();
            Assert.True((await other.RequestAsync("health")).GetProperty("ok").GetBoolean());
        }

        await ReadToEndAsync(socket);
        Assert.Equal((1008, "slow consumer"), ((int?)socket.CloseStatus, socket.CloseStatusDescription));
        Assert.True((await other.RequestAsync("health")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_connection_subscribes_to_a_hundred_sessions_and_may_exchange_them()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway);
        for (var i = 0; i < 100; i++)
        {
            await client.RequestAsync("sessions.messages.subscribe", $$"""{"key":"agent:main:s{{i}}"}""");
        }

        var error = await client.FailAsync("sessions.messages.subscribe", """{"key":"agent:main:more"}""");
        Assert.Equal(("UNAVAILABLE", "TOO_MANY_SUBSCRIPTIONS"), (Text(error, "code"), Text(error.GetProperty("details"), "code")));
        await client.RequestAsync("sessions.messages.subscribe", """{"key":"agent:main:s7"}""");
        await client.RequestAsync("sessions.messages.unsubscribe", """{"key":"agent:main:s7"}""");
        await client.RequestAsync("sessions.messages.subscribe", """{"key":"agent:main:more"}""");
    }

    [Fact]
    public async Task Reading_pauses_while_32_requests_of_a_connection_are_being_answered()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var end = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("first");
            await end.Task;
            await call.FinishAsync();
        });
        await using var client = await ControlClient.ConnectAsync(gateway);
        await using var other = await ControlClient.ConnectAsync(gateway);
        await client.RequestAsync("chat.send", """{"sessionKey":"main","message":"hi","idempotencyKey":"k1"}""");
        await client.EventAsync("chat");
        for (var i = 0; i < 32; i++)
        {
            await client.BeginAsync("agent.wait", """{"runId":"k1","timeoutMs":60000}""");
        }

        var health = await client.BeginAsync("health");
        Assert.True((await other.RequestAsync("health")).GetProperty("ok").GetBoolean());
        end.SetResult();
        await client.AnswerAsync(health);

        var frames = client.Frames.ToList();
        var answered = frames.FindIndex(f => f.Contains($"\"id\":\"{health}\"", StringComparison.Ordinal));
        Assert.Contains(frames.Take(answered), f => f.Contains("endedAt", StringComparison.Ordinal)
            && f.Contains("\"type\":\"res\"", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "T38")]
    public async Task Messages_that_wait_for_their_answer_count_for_the_bytes_of_their_caller()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, c => c.Gateway.Http.Bodies.MaxBytesInFlightPerCaller = 100_000);
        upstream.Next(call => call.HangAsync());
        await using var client = await ControlClient.ConnectAsync(gateway);
        var busy = await client.BeginAsync(
            "agent", $$"""{"message":"{{new string('x', 90_000)}}","idempotencyKey":"k1","sessionKey":"main"}""");
        Assert.True((await client.AnswerAsync(busy)).GetProperty("ok").GetBoolean());

        await using var second = await ControlClient.ConnectAsync(gateway);
        await second.BeginAsync("chat.send", $$"""{"sessionKey":"other","message":"{{new string('x', 50_000)}}","idempotencyKey":"k2"}""");

        Assert.Equal((1013, "too many bytes in flight"), await second.ClosedAsync());
        await client.RequestAsync("chat.abort", """{"sessionKey":"main"}""");
    }

    [Fact]
    public async Task A_message_of_more_than_25_MiB_ends_the_connection()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway);
        await client.SendAsync(new byte[(25 * 1024 * 1024) + 1], WebSocketMessageType.Binary);

        Assert.Equal((1009, "message too big"), await client.ClosedAsync());
    }

    private static async Task<JsonElement> ConnectAgainAsync(GatewayHost gateway)
    {
        await using var client = await ControlClient.OpenAsync(gateway);
        return await client.RequestAsync("connect", ControlClient.ConnectParams());
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, default);

    private static async Task ReadToEndAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        while ((await socket.ReceiveAsync(buffer, default)).MessageType != WebSocketMessageType.Close)
        {
        }
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig(models: "test-model") };
            configure?.Invoke(c);
        });

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
