using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.SignalR;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime.SignalR;

/// <summary>Which events reach which clients of SignalR Service, and what they cost.</summary>
public sealed class FanOutTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_run_is_seen_by_its_starter_and_by_subscribers_and_by_no_other_client()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var starter = await HubClient.ConnectAsync(gateway.Host);
        await using var subscriber = await HubClient.ConnectAsync(gateway.Host);
        await using var other = await HubClient.ConnectAsync(gateway.Host);
        await subscriber.RequestAsync("sessions.messages.subscribe", """{"key":"main"}""");

        await starter.SendAsync("main", "k1", "hello");
        var (mine, theirs) = (await starter.ChatAsync("k1"), await subscriber.ChatAsync("k1"));

        Assert.Equal("final", Text(mine[^1], "state"));
        Assert.Equal(mine.Select(e => e.ToString()), theirs.Select(e => e.ToString()));
        Assert.Equal(Enumerable.Range(0, mine.Count), mine.Select(e => e.GetProperty("seq").GetInt32()));
        await other.RequestAsync("health");
        Assert.Empty(other.Rest());
        await subscriber.RequestAsync("sessions.messages.unsubscribe", """{"key":"main"}""");
        await starter.SendAsync("main", "k2", "again");
        await starter.ChatAsync("k2");
        await subscriber.RequestAsync("health");
        Assert.DoesNotContain(subscriber.Rest(), f => f.ToString().Contains("\"k2\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deltas_come_without_the_text_so_far_and_the_end_with_it()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        await client.SendAsync("main", "k1", "hello world");
        var events = await client.ChatAsync("k1");

        Assert.All(events[..^1], e => Assert.False(e.TryGetProperty("message", out _)));
        Assert.Equal("hello world", string.Concat(events[..^1].Select(e => Text(e, "deltaText"))));
        Assert.Equal("hello world", events[^1].GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_run_of_another_instance_and_surface_reaches_subscribers_once()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var second = await SignalRGateway.StartInstanceAsync(
            azurite, gateway.Service, gateway.Model, config => config.Storage.Prefix = gateway.Host.Prefix);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        await client.RequestAsync("sessions.messages.subscribe", """{"key":"agent:main:shared"}""");

        using var answer = await second.PostChatAsync(
            """{"model":"openclaw","messages":[{"role":"user","content":"from elsewhere"}]}""",
            r => r.Headers.Add("x-openclaw-session-key", "agent:main:shared"));
        answer.EnsureSuccessStatusCode();
        var final = await client.FrameAsync(f => HubClient.IsEvent(f, "chat") && Text(f.GetProperty("payload"), "state") == "final");
        await client.SendAsync("agent:main:shared", "k2", "next");
        var frames = new List<JsonElement>();
        do
        {
            frames.Add(await client.FrameAsync(f => HubClient.IsEvent(f, "chat")));
        }
        while (Text(frames[^1].GetProperty("payload"), "state") != "final");

        Assert.Equal("agent:main:shared", Text(final.GetProperty("payload"), "sessionKey"));
        Assert.All(frames, f => Assert.Equal("k2", Text(f.GetProperty("payload"), "runId"))); // the first run was announced once
    }

    [Fact]
    public async Task A_run_that_no_client_watches_sends_nothing()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        var sent = gateway.Service.Calls.Count(c => c.Path.EndsWith("/:send", StringComparison.Ordinal));
        using var answer = await gateway.Host.PostChatAsync(
            """{"model":"openclaw","user":"someone","messages":[{"role":"user","content":"alone"}]}""");
        answer.EnsureSuccessStatusCode();
        await client.SendAsync("main", "k1", "mine"); // its events come after those of the other run were considered
        await client.ChatAsync("k1");

        var paths = gateway.Service.Calls.Where(c => c.Path.EndsWith("/:send", StringComparison.Ordinal)).Skip(sent).Select(c => c.Path);
        Assert.Single(paths.Distinct()); // the group of the watched session
    }

    [Fact]
    public async Task A_session_that_changes_often_is_announced_once_a_second_with_its_newest_state()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await SignalRGateway.StartAsync(azurite, services: s => s.AddSingleton<TimeProvider>(clock));
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        await client.RequestAsync("sessions.subscribe");
        await client.RequestAsync("sessions.create", """{"key":"agent:main:busy"}""");
        var first = await ChangeAsync(client);
        foreach (var label in new[] { "a", "b", "c" })
        {
            await client.RequestAsync("sessions.patch", $$"""{"key":"agent:main:busy","label":"{{label}}"}""");
        }

        Assert.DoesNotContain(client.Rest(), f => HubClient.IsEvent(f, "sessions.changed"));
        JsonElement next;
        do // a change is announced in the background, the last one perhaps after this second's
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            next = await ChangeAsync(client);
            Assert.Equal("patch", Text(next, "reason"));
        }
        while (Text(next.GetProperty("session"), "label") != "c");

        Assert.Equal("create", Text(first, "reason"));
    }

    [Fact]
    public async Task What_is_too_large_for_the_service_is_paged_or_announced_without_its_content()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        var large = new string('x', 300_000);
        gateway.Model.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync(large);
            await call.FinishAsync();
        });
        await client.SendAsync("main", "k1", "much");
        var final = (await client.ChatAsync("k1"))[^1];
        var history = await client.RequestAsync("chat.history", """{"sessionKey":"main"}""");

        Assert.True(final.GetProperty("truncated").GetBoolean());
        Assert.False(final.TryGetProperty("message", out _));
        Assert.True(history.ToString().Length < 256 * 1024);
        Assert.StartsWith("xxx", history.GetProperty("messages")[1].GetProperty("content")[0].GetProperty("text").GetString(),
            StringComparison.Ordinal);
        Assert.All(gateway.Service.Calls, c => Assert.True(c.Body.Length < 300 * 1024, c.Path));
    }

    [Fact]
    public async Task Each_owner_sees_its_own_sessions_and_the_operator_sees_all_by_their_owners()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        var (_, text) = await Support.Gateways.ApiKeyGateway.CreateKeyAsync(gateway.Host, Support.Gateways.ApiKeyGateway.Writer);
        await using var owner = await HubClient.ConnectAsync(gateway.Host, text);
        await using var admin = await HubClient.ConnectAsync(gateway.Host);
        await admin.RequestAsync("sessions.subscribe");
        await owner.RequestAsync("sessions.subscribe");
        await owner.RequestAsync("sessions.create", """{"key":"agent:main:mine"}""");
        var (own, foreign) = (await ChangeAsync(owner), await ChangeAsync(admin));

        Assert.Equal("agent:main:mine", Text(own, "sessionKey"));
        Assert.StartsWith("agent:main:@key", Text(foreign, "sessionKey"), StringComparison.Ordinal);
        await admin.RequestAsync("sessions.create", """{"key":"agent:main:secret"}""");
        Assert.Equal("agent:main:secret", Text(await ChangeAsync(admin), "sessionKey"));
        await owner.RequestAsync("health");
        Assert.DoesNotContain(owner.Rest(), f => f.ToString().Contains("agent:main:secret", StringComparison.Ordinal));
    }

    private static async Task<JsonElement> ChangeAsync(HubClient client) =>
        (await client.FrameAsync(f => HubClient.IsEvent(f, "sessions.changed"))).GetProperty("payload");

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
