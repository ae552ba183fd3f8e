using System.Net;
using System.Text;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>The real process is killed on the way of a message from Telegram and back; another instance goes on.</summary>
[Trait("Feature", "R4")]
public sealed class ChannelCrashTests(AzuriteFixture azurite)
{
    /// <summary>Points that a message passes, in order, how often its answer then arrives, and whether the next instance has to send it
    /// without knowing whether it had arrived.</summary>
    public static TheoryData<string, int, bool> Points { get; } = new()
    {
        { "before-accept", 1, false }, { "after-accept", 1, false }, { "after-intent", 1, false }, { "before-commit", 1, false },
        { "after-commit", 1, false }, { "before-send", 1, true }, { "after-send", 2, true },
    };

    [Theory]
    [MemberData(nameof(Points))]
    [Trait("Feature", "R7")]
    public async Task A_kill_at_any_point_loses_nothing_and_doubles_only_what_Telegram_cannot_tell(
        string point, int copies, bool isAmbiguous)
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.StreamTextAsync("echo ", call.LastUserText()));
        var update = Encoding.UTF8.GetBytes(TelegramGateway.Message(1, "hello").ToJsonString());
        var doomed = await StartAsync(telegram, upstream, prefix, point);
        var isAccepted = await IsAcceptedAsync(doomed, update);
        await doomed.WaitForExitAsync();
        await doomed.DisposeAsync();

        await using var survivor = await StartAsync(telegram, upstream, prefix, "");
        if (!isAccepted)
        {
            Assert.True(await IsAcceptedAsync(survivor, update)); // as Telegram repeats it
        }

        Assert.True(await IsAcceptedAsync(survivor, Encoding.UTF8.GetBytes(TelegramGateway.Message(2, "next").ToJsonString())));
        await telegram.WaitAsync(() => telegram.Messages.Any(m => m.Text == "echo next"));

        Assert.Equal([.. Enumerable.Repeat("echo hello", copies), "echo next"], telegram.Messages.Select(m => m.Text));
        var history = await History.ReadAsync(
            azurite.StorageAccount.Table(prefix + SessionStore.TableName), TelegramGateway.PartitionOf(TelegramGateway.DirectKey()));
        Assert.Equal(["hello", "next"], history.Inputs);
        Assert.Equal(["echo hello", "echo next"], history.Answers);
        Assert.Equal(isAmbiguous ? 1 : 0, survivor.Output.Split("ambiguous_delivery").Length - 1);
    }

    private static async Task<bool> IsAcceptedAsync(GatewayProcess gateway, byte[] update)
    {
        try
        {
            using var answer = await TelegramGateway.PostAsync(gateway.Client, update);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Task<GatewayProcess> StartAsync(TelegramStandIn telegram, ScriptedUpstream upstream, string prefix, string point) =>
        GatewayProcess.StartAsync(
            azurite.ConnectionString, new(TelegramGateway.EnvironmentFor(telegram, upstream, prefix)) { ["OPENCLAW_CRASH_AT"] = point });
}
