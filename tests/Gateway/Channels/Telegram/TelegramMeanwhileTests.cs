using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Telegram;

/// <summary>What becomes of messages and answers when something changes before they are done.</summary>
[Trait("Feature", "F73")]
public class TelegramMeanwhileTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_person_who_is_taken_off_the_list_while_messages_wait_gets_no_answer()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        var mayEnd = new TaskCompletionSource();
        gateway.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await mayEnd.Task;
            await call.SendDeltaAsync("first");
            await call.FinishAsync();
        });
        await gateway.SendAsync("one");
        await gateway.Upstream.RequestAsync(0);
        await gateway.SendAsync("two");
        await gateway.SendAsync("/status");
        var config = gateway.Host.Services.GetRequiredService<GatewayConfigStore>();
        config.Current.Channels.Telegram!.AllowFrom = ["77"];
        mayEnd.SetResult();

        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        Assert.Equal("first", Assert.Single(gateway.Telegram.Messages).Text);
        Assert.Equal(["one"], gateway.Asked);
    }

    [Fact]
    public async Task An_answer_that_was_shown_growing_and_is_stopped_says_so()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        gateway.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("and so on");
            await call.HangAsync();
        });
        await gateway.SendAsync("talk");
        Assert.Equal("and so on", (await gateway.WaitForMessagesAsync(1))[0].Text);
        await gateway.SendAsync("/stop");
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        Assert.Equal(["and so on\n\n⏹️ Stopped here.", "Stopped."], gateway.Telegram.Messages.Select(m => m.Text));
    }

    [Fact]
    [Trait("Feature", "F76")]
    public async Task Health_is_degraded_by_a_reply_that_was_given_up_until_one_is_delivered()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        gateway.Telegram.Fail("sendMessage", PlatformFault.Answer(403, new JsonObject
        {
            ["ok"] = false,
            ["error_code"] = 403,
            ["description"] = "Forbidden: bot was blocked by the user",
        }));
        Assert.Equal("ok", await StatusAsync(gateway));
        await gateway.SendAsync("refused");
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        Assert.Equal("degraded", await StatusAsync(gateway));
        await gateway.SendAsync("taken");
        await gateway.WaitForMessagesAsync(1);
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        Assert.Equal("ok", await StatusAsync(gateway));
    }

    private static async Task<string?> StatusAsync(TelegramGateway gateway)
    {
        using var answer = await gateway.Host.Client.GetAsync("/health/detailed", TestContext.Current.CancellationToken);
        return (await answer.ReadJsonAsync()).GetProperty("status").GetString();
    }
}
