using System.Globalization;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>Two gateways, many writers, and storage that fails every tenth request in any way it can.</summary>
[Trait("Feature", "R11")]
public class StorageStormTests(AzuriteFixture azurite)
{
    private static readonly StorageRetryOptions Fast = new() { FirstDelay = TimeSpan.FromMilliseconds(20) };

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Under_random_faults_nothing_acknowledged_is_lost_and_nothing_is_doubled(int seed)
    {
        const int writers = 6, turns = 9, sessions = 3;
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: Fast);
        await using var one = await ResponsesGateway.StartAsync(upstream, storage, c => c.Storage.LeaseSeconds = 2);
        await using var two = await ResponsesGateway.StartAsync(
            upstream, storage, c => (c.Storage.LeaseSeconds, c.Storage.Prefix) = (2, one.Prefix));
        network.OnSome(StorageSteps.Any, StorageFaults.OneOf(
            seed, StorageFaults.Drop, StorageFaults.DropReply, StorageFaults.TruncateReply, StorageFaults.Busy()), 0.1, seed);
        network.OnSome(StorageSteps.Commit, StorageFaults.PreconditionFailed, 0.05, seed);
        var all = await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var mine = new List<(string Session, string Text, bool Acknowledged)>();
            for (var turn = 0; turn < turns; turn++)
            {
                var way = (Way)(turn % 3);
                var (session, text) = ($"s{(writer + turn) % sessions}", string.Create(CultureInfo.InvariantCulture, $"w{writer}t{turn}"));
                var heard = await (turn % 2 == 0 ? one : two).Client.AskAsync(way, session, text);
                for (var tries = 1; !heard.IsAnswer && way != Way.Chat && tries < 20; tries++)
                {
                    heard = await (tries % 2 == 0 ? one : two).Client.AskAsync(way, session, text);
                }

                Assert.True(heard.IsAnswer || way == Way.Chat, $"seed {seed}: {text} ended in {heard}");
                mine.Add((session, text, heard.IsAnswer));
            }

            return mine;
        }));
        var asked = all.SelectMany(a => a).ToList();
        foreach (var session in asked.GroupBy(a => a.Session))
        {
            var table = azurite.StorageAccount.Table(one.Prefix + SessionStore.TableName);
            var history = await History.ReadAsync(table, History.PartitionOf(session.Key));
            history.HoldsAll(session.Where(a => a.Acknowledged).Select(a => a.Text), session.Select(a => a.Text));
        }

        TestContext.Current.SendDiagnosticMessage(
            $"seed {seed}: inputs {asked.Count}, acknowledged {asked.Count(a => a.Acknowledged)}, faults {network.Faults}, model calls {upstream.Requests.Count}, lost 0, doubled 0");
    }
}
