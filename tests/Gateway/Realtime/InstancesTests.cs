using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>Two processes of one gateway: what happens on the one reaches the clients of the other.</summary>
public sealed class InstancesTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F90")]
    public async Task A_session_that_changes_on_another_instance_is_announced_to_clients_of_the_list()
    {
        var (one, two) = await StartAsync();
        await using var first = one;
        await using var second = two;
        await using var client = await ControlClient.ConnectAsync(one.Url);
        await using var other = await ControlClient.ConnectAsync(two.Url);
        await client.RequestAsync("sessions.list"); // the first list of a new gateway is built by whoever asks for it
        await client.RequestAsync("sessions.subscribe");
        await other.RequestAsync("sessions.create", """{"key":"elsewhere","label":"made there"}""");

        var changed = await client.EventAsync("sessions.changed", p => Text(p, "sessionKey") == "agent:main:elsewhere");
        Assert.Equal("made there", Text(changed.GetProperty("session"), "label"));
        Assert.Equal("storage", Text(changed, "reason"));
    }

    [Fact]
    [Trait("Feature", "F23")]
    public async Task A_device_that_asks_on_another_instance_is_announced_and_so_is_the_decision()
    {
        var (one, two) = await StartAsync();
        await using var first = one;
        await using var second = two;
        await using var watcher = await ControlClient.ConnectAsync(one.Url, "operator.pairing");
        await using var other = await ControlClient.ConnectAsync(two.Url, "operator.pairing");
        using var refused = new TestDevice();
        using var wanted = new TestDevice();
        var requested = await AskAsync(two.Url, refused);
        await watcher.EventAsync("device.pair.requested", p => Text(p, "requestId") == requested);

        await other.RequestAsync("device.pair.reject", $$"""{"requestId":"{{requested}}"}""");
        var rejected = await watcher.EventAsync("device.pair.resolved", p => Text(p, "requestId") == requested);
        Assert.Equal("rejected", Text(rejected, "decision"));
        var asked = await AskAsync(two.Url, wanted);
        await watcher.EventAsync("device.pair.requested", p => Text(p, "requestId") == asked);
        using var approval = await two.Client.PostAsync($"/api/v1/devices/{asked}/approve", null);
        approval.EnsureSuccessStatusCode();
        var approved = await watcher.EventAsync("device.pair.resolved", p => Text(p, "requestId") == asked);
        Assert.Equal(("approved", wanted.Id), (Text(approved, "decision"), Text(approved, "deviceId")));
    }

    [Fact]
    [Trait("Feature", "F23")]
    [Trait("Feature", "T37")]
    public async Task A_device_that_is_revoked_on_another_instance_loses_its_connections_and_says_when_it_was_seen()
    {
        var (one, two) = await StartAsync();
        await using var first = one;
        await using var second = two;
        using var device = new TestDevice();
        string token;
        await using (var pairing = await ControlClient.OpenAsync(one.Url))
        {
            var hello = await pairing.RequestAsync(
                "connect", ControlClient.ConnectParams(device: device.Prove(pairing.Nonce, DateTimeOffset.UtcNow)));
            token = Text(hello.GetProperty("auth"), "deviceToken");
        }

        await using var client = await ControlClient.OpenAsync(one.Url);
        await client.RequestAsync("connect", ControlClient.ConnectParams(
            device: device.Prove(client.Nonce, DateTimeOffset.UtcNow, token), auth: $$"""{"deviceToken":"{{token}}"}"""));
        await using var admin = await ControlClient.ConnectAsync(two.Url, "operator.pairing", "operator.admin");
        var listed = Assert.Single((await admin.RequestAsync("device.pair.list")).GetProperty("paired").EnumerateArray());
        Assert.True(listed.GetProperty("lastSeenAtMs").GetInt64() > 0);

        await admin.RequestAsync("device.token.revoke", $$"""{"deviceId":"{{device.Id}}","role":"operator"}""");

        Assert.Equal(4001, (await client.ClosedAsync()).Code);
    }

    [Fact]
    [Trait("Feature", "F89")]
    public async Task A_simple_client_follows_a_session_that_another_instance_serves()
    {
        var (one, two) = await StartAsync();
        await using var first = one;
        await using var second = two;
        await using var client = await ControlClient.OpenAsync(one.Url, "/ws?token=" + Uri.EscapeDataString(GatewayHost.Token));
        await client.SendAsync("""{"type":"subscribe","events":["message"],"sessionId":"shared"}""");
        Assert.Equal("shared", Text(await client.NextAsync(), "sessionId"));
        await using var other = await ControlClient.ConnectAsync(two.Url);

        JsonElement message;
        await using (var calls = new Repeated(async i =>
        {
            await other.RequestAsync(
                "chat.send", $$"""{"sessionKey":"agent:main:api:shared","message":"from elsewhere","idempotencyKey":"k{{i}}"}""");
            await other.ChatAsync($"k{i}");
        }))
        {
            do
            {
                message = await client.NextAsync();
            }
            while (Text(message, "role") != "assistant");
        }

        Assert.Equal(("message", "from elsewhere", "shared"), (
            Text(message, "type"), Text(message, "content"), Text(message, "sessionId")));
    }

    private static async Task<string> AskAsync(string url, TestDevice device)
    {
        await using var client = await ControlClient.OpenAsync(url);
        var error = await client.FailAsync("connect", ControlClient.ConnectParams(
            token: null, device: device.Prove(client.Nonce, DateTimeOffset.UtcNow, token: "")));
        return Text(error.GetProperty("details"), "requestId");
    }

    private async Task<(GatewayProcess One, GatewayProcess Two)> StartAsync()
    {
        var environment = new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = "t" + Guid.NewGuid().ToString("N")[..12],
            ["OPENCLAW__models__providers"] = "{echo: {api: 'echo'}}",
            ["OPENCLAW__agents__defaults__model"] = "echo/echo",
        };
        var one = GatewayProcess.StartAsync(azurite.ConnectionString, environment);
        var two = GatewayProcess.StartAsync(azurite.ConnectionString, environment);
        return (await one, await two);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>Does something again and again until it is disposed of, one after the other.</summary>
    private sealed class Repeated : IAsyncDisposable
    {
        private readonly Task _running;
        private volatile bool _isOver;

        public Repeated(Func<int, Task> act) => _running = Task.Run(async () =>
        {
            for (var i = 0; !_isOver; i++)
            {
                await act(i);
            }
        });

        public async ValueTask DisposeAsync()
        {
            _isOver = true;
            await _running;
        }
    }
}
