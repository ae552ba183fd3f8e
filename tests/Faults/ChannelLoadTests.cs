using OpenClaw.Tests.Faults.ChannelLoad;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>A short form of <c>bench channels</c>.</summary>
public sealed class ChannelLoadTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 300_000)]
    [Trait("Feature", "R4")]
    [Trait("Feature", "R5")]
    [Trait("Feature", "R7")]
    public async Task Repeated_and_disordered_events_with_kills_are_one_turn_and_one_reply_each_in_order()
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        var environment = new Dictionary<string, string>(TelegramGateway.EnvironmentFor(telegram, upstream, prefix))
        {
            ["OPENCLAW__channels__telegram"] = ChannelLoadRun.SectionFor(telegram),
        };
        await using var run = new ChannelLoadRun(azurite.StorageAccount, prefix, telegram, upstream, async () =>
        {
            var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, environment);
            return new LoadedGateway(gateway.Client, gateway);
        });
        var report = await run.RunAsync(events: 60, seed: 17);

        Assert.True(report.Problems.Count == 0, report.ToString());
        Assert.Equal(60, report.Events);
        Assert.InRange(report.Kills, 1, 3);
        Assert.InRange(report.DoubledReplies, 0, report.Kills);
    }
}
