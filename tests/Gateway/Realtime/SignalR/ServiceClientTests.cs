using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.SignalR;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime.SignalR;

/// <summary>What clients of SignalR Service have in common with those of a socket: the simple dialect, presence, and answers that are too
/// large to be sent.</summary>
public sealed class ServiceClientTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F31")]
    [Trait("Feature", "F88")]
    [Trait("Feature", "F89")]
    public async Task A_client_of_the_simple_dialect_asks_and_gets_chunks_the_message_and_the_end()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var client = await HubClient.OpenAsync(gateway.Host);
        await SendAsync(client, """{"type":"auth","token":"the one of /negotiate counts"}""");
        Assert.Equal("admin", Text(await NextAsync(client, "auth_ok"), "user"));
        await SendAsync(client, """{"type":"ping"}""");
        await NextAsync(client, "pong");
        await SendAsync(client, """{"type":"message","content":"hello there","sessionId":"s1"}""");

        var frames = new List<JsonElement>();
        do
        {
            frames.Add(await client.FrameAsync(f => f.TryGetProperty("sessionId", out _)));
        }
        while (Text(frames[^1], "type") != "done");

        Assert.Equal("hello there", string.Concat(frames.Where(f => Text(f, "type") == "chunk").Select(f => Text(f, "content"))));
        Assert.Equal("hello there", Text(frames[^2], "content"));
        Assert.All(frames, frame => Assert.Equal("s1", Text(frame, "sessionId")));
        var history = await client.RequestAsync("chat.history", """{"sessionKey":"agent:main:api:s1"}"""); // both dialects
        Assert.Equal(2, history.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    [Trait("Feature", "F89")]
    public async Task A_subscriber_of_the_simple_dialect_sees_what_others_say_until_it_asks_for_nothing()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        var (_, key) = await gateway.Host.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var client = await HubClient.OpenAsync(gateway.Host);
        await using var stranger = await HubClient.OpenAsync(gateway.Host, key);
        await using var other = await HubClient.ConnectAsync(gateway.Host);
        foreach (var subscriber in new[] { client, stranger })
        {
            await SendAsync(subscriber, """{"type":"subscribe","events":["message","status"],"sessionId":"s1"}""");
            Assert.Equal("s1", Text(await NextAsync(subscriber, "subscribed"), "sessionId"));
        }

        await other.SendAsync("agent:main:api:s1", "k1", "said by another");
        var seen = new List<JsonElement>();
        do
        {
            seen.Add(await client.FrameAsync(f => f.TryGetProperty("sessionId", out _)));
        }
        while (!(Text(seen[^1], "type") == "status" && Text(seen[^1], "status") == "completed"));

        Assert.Equal(["user", "assistant"], seen.Where(f => Text(f, "type") == "message").Select(f => Text(f, "role")));
        Assert.All(seen, frame => Assert.Equal("k1", Text(frame, "runId")));
        await SendAsync(stranger, """{"type":"ping"}""");
        await stranger.FrameAsync(
            f => Text(f, "type") == "pong" ? true : throw new InvalidOperationException($"Another owner's session: {f}"));
        await SendAsync(client, """{"type":"subscribe","events":[],"sessionId":"s1"}""");
        await NextAsync(client, "subscribed");
        await other.SendAsync("agent:main:api:s1", "k2", "unheard");
        await other.ChatAsync("k2");
        await SendAsync(client, """{"type":"ping"}""");
        await client.FrameAsync(f => Text(f, "type") == "pong" ? true : throw new InvalidOperationException($"It asked for nothing: {f}"));
    }

    [Theory]
    [InlineData("""{"type":"unheard"}""", "INVALID_MESSAGE")]
    [InlineData("\"no json\"", "INVALID_MESSAGE")]
    [InlineData("""{"type":"message","content":""}""", "INVALID_MESSAGE")]
    [InlineData("""{"type":"message","content":"x","sessionId":5}""", "INVALID_MESSAGE")]
    [InlineData("""{"type":"message","content":"x","sessionId":"cron:1"}""", "INVALID_SESSION")]
    [InlineData("""{"type":"subscribe","events":["message"]}""", "INVALID_MESSAGE")]
    [InlineData("""{"type":"subscribe","events":["nonsense"],"sessionId":"s"}""", "INVALID_MESSAGE")]
    [Trait("Feature", "F89")]
    public async Task A_fault_in_the_simple_dialect_is_an_error_and_the_connection_stays_open(string message, string code)
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var client = await HubClient.OpenAsync(gateway.Host);
        await SendAsync(client, message);
        Assert.Equal(code, Text(await NextAsync(client, "error"), "code"));
        await SendAsync(client, """{"type":"ping"}""");
        await NextAsync(client, "pong");
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_revoked_key_ends_the_connection_of_a_simple_client()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        var (id, key) = await gateway.Host.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var client = await HubClient.OpenAsync(gateway.Host, key);
        await SendAsync(client, """{"type":"auth"}""");
        await NextAsync(client, "auth_ok");
        using var revoked = await gateway.Host.Client.DeleteAsync($"/api/v1/keys/{id}");
        Assert.True(revoked.IsSuccessStatusCode);
        await client.Closed;
    }

    [Fact]
    [Trait("Feature", "F90")]
    public async Task Clients_of_the_service_are_present_while_they_are_connected_each_to_its_own_subject()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await SignalRGateway.StartAsync(azurite, services: s => s.AddSingleton<TimeProvider>(clock));
        var (_, key) = await gateway.Host.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var admin = await HubClient.ConnectAsync(gateway.Host);
        await using var own = await HubClient.ConnectAsync(gateway.Host, key);
        clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(2, Clients(await admin.RequestAsync("system-presence")));
        Assert.Equal(1, Clients(await own.RequestAsync("system-presence")));
        await using (var third = await HubClient.ConnectAsync(gateway.Host))
        {
            clock.Advance(TimeSpan.FromSeconds(6));
            Assert.Equal(3, Clients(await admin.RequestAsync("system-presence")));
        }

        var seen = 3;
        while (seen == 3) // the service reports the end of a connection a moment later
        {
            clock.Advance(TimeSpan.FromSeconds(6));
            seen = Clients(await admin.RequestAsync("system-presence"));
        }

        Assert.Equal(2, seen);
    }

    [Fact]
    [Trait("Feature", "F90")]
    public async Task An_answer_that_is_too_large_is_fetched_at_a_link_for_its_caller_alone_and_for_a_while()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await SignalRGateway.StartAsync(azurite, services: s => s.AddSingleton<TimeProvider>(clock));
        var (_, key) = await gateway.Host.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        var large = new string('x', 300_000);
        gateway.Model.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync(large);
            await call.FinishAsync();
        });
        await client.SendAsync("main", "k1", "much");
        await client.ChatAsync("k1");

        var details = (await client.FailAsync("sessions.get", """{"key":"main"}""")).GetProperty("details");
        var url = Text(details, "url")!;
        Assert.Equal("ANSWER_TOO_LARGE", Text(details, "code"));
        Assert.True(details.GetProperty("expiresAtMs").GetInt64() > clock.GetUtcNow().ToUnixTimeMilliseconds());

        using (var answer = await gateway.Host.SendAsync(HttpMethod.Get, url, GatewayHost.Token))
        {
            var frame = await answer.ReadJsonAsync();
            Assert.True(frame.GetProperty("ok").GetBoolean());
            var message = frame.GetProperty("payload").GetProperty("messages")[1];
            Assert.Equal(large, message.GetProperty("content")[0].GetProperty("text").GetString());
            Assert.Equal(details.GetProperty("bytes").GetInt64(), answer.Content.Headers.ContentLength);
        }

        Assert.Equal(HttpStatusCode.NotFound, await gateway.Host.StatusAsync(key, url));
        using (var anonymous = await gateway.Host.SendAsync(HttpMethod.Get, url, "wrong"))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        }

        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.NotFound, await gateway.Host.StatusAsync(GatewayHost.Token, url));
    }

    private static int Clients(JsonElement presence) => presence.EnumerateArray().Count(entry => Text(entry, "reason") == "connect");

    private static Task SendAsync(HubClient client, string message) => client.InvokeAsync("simple", JsonElement.Parse(message));

    private static Task<JsonElement> NextAsync(HubClient client, string type) => client.FrameAsync(f => Text(f, "type") == type);

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
