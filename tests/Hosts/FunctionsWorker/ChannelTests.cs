using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OpenClaw.Sessions;
using OpenClaw.Tests.Faults;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

/// <summary>Messages of a chat platform to the real worker under the stand-in host.</summary>
public sealed class ChannelTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 120_000)]
    [Trait("Feature", "R5")]
    [Trait("Feature", "R6")]
    public async Task A_cold_start_in_the_middle_loses_and_doubles_nothing()
    {
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        var prefix = AzuriteFixture.UniqueName()[..12];
        var speaks = new TaskCompletionSource();
        upstream.Always(async call =>
        {
            await speaks.Task;
            await call.StreamTextAsync("echo ", call.LastUserText());
        });
        await using var host = await FunctionsHost.StartAsync(new(TelegramGateway.EnvironmentFor(telegram, upstream, prefix))
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
        });
        await DeliverAsync(host, 1); // acknowledged while the model says nothing
        await upstream.RequestAsync(0);
        var first = host.Worker;
        first.Process.Kill();
        await first.Process.Exited;
        foreach (var update in (long[])[1, 4, 2, 3, 2])
        {
            await DeliverAsync(host, update); // the first one waits for the next worker to start
        }

        Assert.NotEqual(first.Process.Id, host.Worker.Process.Id);
        speaks.SetResult();
        await telegram.WaitAsync(() => telegram.Messages.Count >= 4);

        string[] asked = ["message 1", "message 2", "message 3", "message 4"];
        Assert.Equal(asked.Select(text => "echo " + text), telegram.Messages.Select(m => m.Text));
        var history = await History.ReadAsync(
            azurite.StorageAccount.Table(prefix + SessionStore.TableName), TelegramGateway.PartitionOf(TelegramGateway.DirectKey()));
        Assert.Equal(asked, history.Inputs);
    }

    [Fact]
    [Trait("Feature", "F101")]
    public async Task The_check_of_a_webhook_and_a_bad_signature_are_answered_as_on_the_self_host()
    {
        await using var whatsApp = await WhatsAppStandIn.StartAsync();
        await using var host = await FunctionsHost.StartAsync(new()
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
            ["OPENCLAW__channels__whatsapp"] =
                $"{{accessToken: '{WhatsAppStandIn.Token}', phoneNumberId: '{WhatsAppStandIn.PhoneNumberId}', "
                + $"appSecret: '{WhatsAppStandIn.AppSecret}', verifyToken: '{WhatsAppStandIn.VerifyToken}', apiUrl: '{whatsApp.ApiUrl}'}}",
        });
        using var challenge = await host.Client.GetAsync(
            $"webhook/whatsapp?hub.mode=subscribe&hub.verify_token={WhatsAppStandIn.VerifyToken}&hub.challenge=42",
            TestContext.Current.CancellationToken);
        using var forged = new StringContent("{}");
        forged.Headers.Add("X-Hub-Signature-256", WhatsAppStandIn.Sign("{} "));
        using var refused = await host.Client.PostAsync("webhook/whatsapp", forged, TestContext.Current.CancellationToken);

        Assert.Equal("42", await challenge.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task DeliverAsync(FunctionsHost host, long update)
    {
        JsonObject body = TelegramGateway.Message(update, $"message {update}");
        using var answer = await TelegramGateway.PostAsync(host.Client, Encoding.UTF8.GetBytes(body.ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
