using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Realtime;
using OpenClaw.Tests.Support.SignalR;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>A client that leaves in the middle of an answer and comes back has all of it; for RPC over a WebSocket see
/// <see cref="ChatMethodTests"/>.</summary>
[Trait("Feature", "F90")]
public class ReconnectTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_client_of_the_simple_messages_gets_the_whole_answer_on_its_next_connection()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c => Use(c, upstream));
        var more = AnswerInTwo(upstream);
        await using (var gone = await OpenSimpleAsync(gateway))
        {
            await gone.SendAsync("""{"type":"message","content":"hi","sessionId":"s1"}""");
            await FrameAsync(gone, "chunk");
        }

        await using var client = await OpenSimpleAsync(gateway);
        await client.SendAsync("""{"type":"subscribe","events":["message"],"sessionId":"s1"}""");
        await FrameAsync(client, "subscribed");
        more.SetResult();

        var whole = await FrameAsync(client, "message", f => f.GetProperty("content").GetString() != "hi");
        Assert.Equal(("first second", "s1"), (whole.GetProperty("content").GetString(), whole.GetProperty("sessionId").GetString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_SignalR_client_gets_the_answer_so_far_and_the_rest(bool throughService)
    {
        await using var service = throughService ? await SignalRGateway.StartAsync(azurite) : null;
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = throughService ? null
            : await GatewayHost.StartAsync(StorageAccount.Parse(azurite.ConnectionString), c => Use(c, upstream));
        var gateway = service?.Host ?? host!;
        var more = AnswerInTwo(service?.Model ?? upstream);
        await using (var gone = await HubClient.ConnectAsync(gateway))
        {
            await gone.SendAsync("main", "k1", "hi");
            await gone.FrameAsync(f => HubClient.IsEvent(f, "chat") && f.ToString().Contains("first", StringComparison.Ordinal));
        }

        await using var client = await HubClient.ConnectAsync(gateway);
        await client.RequestAsync("sessions.messages.subscribe", """{"key":"main"}""");
        var startup = await client.RequestAsync("chat.startup", """{"sessionKey":"main"}""");
        Assert.Equal("first ", startup.GetProperty("inFlightRun").GetProperty("text").GetString());
        more.SetResult();

        var end = (await client.ChatAsync("k1"))[^1];
        Assert.Equal("first second", string.Concat(
            end.GetProperty("message").GetProperty("content").EnumerateArray().Select(p => p.GetProperty("text").GetString())));
        var since = await client.RequestAsync(
            "chat.history", $$"""{"sessionKey":"main","cursor":"{{startup.GetProperty("deltaCursor").GetString()}}"}""");
        Assert.Contains("first second", since.GetProperty("messages").ToString(), StringComparison.Ordinal);
    }

    private static TaskCompletionSource AnswerInTwo(ScriptedUpstream upstream)
    {
        var more = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("first ");
            await more.Task;
            await call.SendDeltaAsync("second");
            await call.FinishAsync();
        });
        return more;
    }

    private static void Use(GatewayConfig config, ScriptedUpstream upstream) =>
        config.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig(models: "test-model") };

    private static async Task<ControlClient> OpenSimpleAsync(GatewayHost gateway)
    {
        var client = await ControlClient.OpenAsync(gateway, "/ws");
        await client.SendAsync($$"""{"type":"auth","token":"{{GatewayHost.Token}}"}""");
        await FrameAsync(client, "auth_ok");
        return client;
    }

    private static async Task<JsonElement> FrameAsync(ControlClient client, string type, Func<JsonElement, bool>? fits = null)
    {
        while (true)
        {
            var frame = await client.NextAsync();
            if (frame.GetProperty("type").GetString() == type && (fits is null || fits(frame)))
            {
                return frame;
            }
        }
    }
}
