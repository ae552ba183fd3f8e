using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>The simple messages on the same connections.</summary>
public class SimpleDialectTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F31")]
    [Trait("Feature", "F88")]
    [Trait("Feature", "F89")]
    [Trait("Feature", "D6")]
    public async Task A_client_shows_its_token_asks_and_gets_chunks_the_message_and_the_end()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.OpenAsync(gateway, "/ws");
        await client.SendAsync($$"""{"type":"auth","token":"{{GatewayHost.Token}}"}""");
        Assert.Equal("admin", (await TypeAsync(client, "auth_ok")).GetProperty("user").GetString());
        await client.SendAsync("""{"type":"subscribe","events":["message","status"]}""");
        await TypeAsync(client, "subscribed");
        await client.SendAsync("""{"type":"ping"}""");
        await TypeAsync(client, "pong");
        await client.SendAsync("""{"type":"message","channel":"api","content":"hello there","sessionId":"s1"}""");
        var text = "";
        JsonElement next;
        while ((next = await client.NextAsync()).GetProperty("type").GetString() == "chunk")
        {
            Assert.Equal("s1", next.GetProperty("sessionId").GetString());
            text += next.GetProperty("content").GetString();
        }

        Assert.Equal(("message", "hello there", text), (
            next.GetProperty("type").GetString(), next.GetProperty("content").GetString(), next.GetProperty("content").GetString()));
        var done = await TypeAsync(client, "done");
        Assert.Equal("s1", done.GetProperty("sessionId").GetString());
        Assert.True(done.GetProperty("usage").GetProperty("totalTokens").GetInt64() > 0);
        using var history = await gateway.Client.GetAsync("/sessions/agent%3Amain%3Aapi%3As1/history");
        Assert.Equal(2, (await history.ReadJsonAsync()).GetProperty("messages").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"type":"auth","token":"wrong"}""")]
    [InlineData("""{"type":"auth"}""")]
    [Trait("Feature", "F31")]
    public async Task A_wrong_token_is_refused_and_the_connection_closed(string auth)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.OpenAsync(gateway, "/ws");
        await client.SendAsync(auth);

        Assert.Equal("UNAUTHORIZED", (await TypeAsync(client, "error")).GetProperty("code").GetString());
        Assert.Equal(1008, (await client.ClosedAsync()).Code);
    }

    [Fact]
    [Trait("Feature", "F89")]
    public async Task Faults_are_errors_and_the_connection_stays_open()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.OpenAsync(gateway, "/ws");
        await client.SendAsync("""{"type":"message","content":"too early"}""");
        Assert.Equal("UNAUTHORIZED", await CodeAsync(client));
        await client.SendAsync($$"""{"type":"auth","token":"{{GatewayHost.Token}}"}""");
        await TypeAsync(client, "auth_ok");
        (string Message, string Code)[] faults =
        [
            ("no json", "INVALID_MESSAGE"),
            ("""{"type":"unheard"}""", "INVALID_MESSAGE"),
            ("""{"type":"message","content":"x","sessionId":5}""", "INVALID_MESSAGE"),
            ("""{"type":"message","content":""}""", "INVALID_MESSAGE"),
            ("""{"type":"message","content":"x","sessionId":"cron:1"}""", "INVALID_SESSION"),
            ("""{"type":"subscribe","events":["nonsense"]}""", "INVALID_MESSAGE"),
        ];
        foreach (var (message, code) in faults)
        {
            await client.SendAsync(message);
            Assert.Equal(code, await CodeAsync(client));
        }

        await client.SendAsync("""{"type":"ping"}""");
        await TypeAsync(client, "pong");
    }

    [Fact]
    [Trait("Feature", "F32")]
    public async Task A_credential_in_the_URL_is_enough()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.OpenAsync(gateway, "/ws?token=" + Uri.EscapeDataString(GatewayHost.Token));
        await client.SendAsync("""{"type":"ping"}""");
        await TypeAsync(client, "pong");

        await using var wrong = await ControlClient.OpenAsync(gateway, "/ws?token=wrong");
        await wrong.SendAsync("""{"type":"ping"}""");
        Assert.Equal("UNAUTHORIZED", await CodeAsync(wrong));
        Assert.Equal(1008, (await wrong.ClosedAsync()).Code);
    }

    [Fact]
    [Trait("Feature", "F88")]
    [Trait("Feature", "F89")]
    public async Task A_subscriber_sees_what_others_say_in_the_session_and_its_own_answers_once()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.OpenAsync(gateway, "/ws?token=" + Uri.EscapeDataString(GatewayHost.Token));
        await client.SendAsync("""{"type":"subscribe","events":["message","status"],"sessionId":"s1"}""");
        Assert.Equal("s1", (await TypeAsync(client, "subscribed")).GetProperty("sessionId").GetString());
        await using var other = await ControlClient.ConnectAsync(gateway);
        await other.RequestAsync("chat.send", """{"sessionKey":"agent:main:api:s2","message":"elsewhere","idempotencyKey":"k0"}""");
        await other.ChatAsync("k0");
        await other.RequestAsync("chat.send", """{"sessionKey":"agent:main:api:s1","message":"said by another","idempotencyKey":"k1"}""");

        var seen = new List<JsonElement>();
        do
        {
            seen.Add(await client.NextAsync());
        }
        while (!IsStatus(seen[^1], "completed"));

        Assert.All(seen, message => Assert.Equal(("s1", "k1"), (
            message.GetProperty("sessionId").GetString(), message.GetProperty("runId").GetString())));
        Assert.Contains(seen, message => IsStatus(message, "running"));
        Assert.Equal(["user", "assistant"], seen.Where(message => message.GetProperty("type").GetString() == "message").Select(message =>
            message.GetProperty("role").GetString()));
        await client.SendAsync("""{"type":"message","content":"mine","sessionId":"s1"}""");
        var own = new List<string>();
        do
        {
            own.Add((await client.NextAsync()).GetProperty("type").GetString()!);
        }
        while (own[^1] != "done");

        await client.SendAsync("""{"type":"subscribe","events":[],"sessionId":"s1"}""");
        own.Add((await client.NextAsync()).GetProperty("type").GetString()!);
        Assert.Equal("message,done,subscribed", string.Join(',', own.Where(type => type != "chunk")));
        await other.RequestAsync("chat.send", """{"sessionKey":"agent:main:api:s1","message":"unheard","idempotencyKey":"k2"}""");
        await other.ChatAsync("k2");
        await client.SendAsync("""{"type":"ping"}""");
        await TypeAsync(client, "pong");
    }

    [Fact]
    [Trait("Feature", "F24")]
    public async Task A_subscriber_of_all_sessions_sees_those_of_its_own_key_only()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var (_, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var client = await ControlClient.OpenAsync(gateway, "/ws?token=" + Uri.EscapeDataString(key));
        await client.SendAsync("""{"type":"subscribe","events":["message"]}""");
        await TypeAsync(client, "subscribed");
        await using var admin = await ControlClient.ConnectAsync(gateway);
        await admin.RequestAsync("chat.send", """{"sessionKey":"main","message":"secret","idempotencyKey":"k1"}""");
        await admin.ChatAsync("k1");
        await using var own = await ControlClient.OpenAsync(gateway);
        await own.RequestAsync("connect", ControlClient.ConnectParams(key));
        await own.RequestAsync("chat.send", """{"sessionKey":"main","message":"mine","idempotencyKey":"k2"}""");

        var first = await TypeAsync(client, "message");
        Assert.Equal(("mine", "agent:main:main"), (first.GetProperty("content").GetString(), first.GetProperty("sessionId").GetString()));
    }

    private static bool IsStatus(JsonElement message, string status) =>
        message.GetProperty("type").GetString() == "status" && message.GetProperty("status").GetString() == status;

    private static async Task<string> CodeAsync(ControlClient client) =>
        (await TypeAsync(client, "error")).GetProperty("code").GetString()!;

    private static async Task<JsonElement> TypeAsync(ControlClient client, string type)
    {
        var frame = await client.NextAsync();
        Assert.Equal(type, frame.GetProperty("type").GetString());
        return frame;
    }
}
