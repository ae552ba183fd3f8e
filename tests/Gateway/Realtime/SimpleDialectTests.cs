using System.Text.Json;
using OpenClaw.Tests.Support;
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

    private static async Task<string> CodeAsync(ControlClient client) =>
        (await TypeAsync(client, "error")).GetProperty("code").GetString()!;

    private static async Task<JsonElement> TypeAsync(ControlClient client, string type)
    {
        var frame = await client.NextAsync();
        Assert.Equal(type, frame.GetProperty("type").GetString());
        return frame;
    }
}
