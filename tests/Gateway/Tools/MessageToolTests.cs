using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Gateway.Tools;

public class MessageToolTests(AzuriteFixture azurite)
{
    private static readonly Caller Telegram = Caller.OfChannel("telegram");

    private static readonly SessionKey Chat = new(Telegram.Subject, "main", TelegramGateway.DirectKey());

    [Fact]
    [Trait("Feature", "R7")]
    public async Task A_message_is_delivered_once_however_often_the_call_is_made()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        var arguments = new { action = "send", channel = "telegram", target = "42", message = "**hi**" };
        var later = arguments with { message = "bye" };

        await gateway.Host.CallInRunAsync("message", arguments, "call_1", Chat);
        await gateway.WaitForMessagesAsync(1);
        await gateway.Host.CallInRunAsync("message", arguments, "call_1", Chat);
        await gateway.Host.CallInRunAsync("message", later, "call_2", Chat);

        Assert.Equal(["hi", "bye"], (await gateway.WaitForMessagesAsync(2)).Select(m => m.Text)); // one lane keeps their order
    }

    [Fact]
    public async Task A_sender_of_a_channel_writes_to_its_own_conversation_and_to_no_other()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);

        await gateway.Host.CallInRunAsync(
            "message", new { action = "send", message = "own" }, "call_1", Chat, Telegram, channel: "telegram", to: "42");
        await gateway.WaitForMessagesAsync(1);
        var refusal = await Assert.ThrowsAsync<ToolException>(() => gateway.Host.CallInRunAsync(
            "message", new { action = "send", target = "77", message = "spam" }, "call_2", Chat, Telegram, channel: "telegram", to: "42"));

        Assert.Contains("own", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("own", Assert.Single(gateway.Telegram.Messages).Text);
    }

    [Fact]
    public async Task A_key_cannot_claim_a_conversation_by_a_header()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        var key = await gateway.Host.CreateKeyAsync(ApiKeyGateway.Writer);

        using var answer = await gateway.Host.PostAsync(
            "/tools/invoke", """{"tool":"message","args":{"action":"send","message":"spam"}}""", r =>
            {
                r.Use(key.Text);
                r.Headers.Add("x-openclaw-message-channel", "telegram");
                r.Headers.Add("x-openclaw-message-to", "42");
            });

        Assert.Equal("tool_error", (await answer.ReadJsonAsync()).GetProperty("error").Text("type"));
        Assert.Empty(gateway.Telegram.Messages);
    }

    [Fact]
    public async Task The_owner_writes_by_HTTP()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);

        using var answer = await gateway.Host.PostAsync("/tools/invoke",
            """{"tool":"message","args":{"action":"send","channel":"telegram","target":"42","message":"hello"},"idempotencyKey":"k"}""");
        await gateway.WaitForMessagesAsync(1);

        Assert.True((await answer.ReadJsonAsync()).GetProperty("ok").GetBoolean());
        Assert.Equal("hello", Assert.Single(gateway.Telegram.Messages).Text);
    }
}
