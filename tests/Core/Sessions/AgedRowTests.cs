using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>Rows that a session which goes on needs no longer.</summary>
[Trait("Feature", "R22")]
public class AgedRowTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_runs_and_events_go_and_the_conversation_and_runs_that_wait_stay()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        await gateway.SendAsync("hello");
        await gateway.WaitForMessagesAsync(1);
        var before = await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        Assert.Contains(before, row => IsOf(row, "run~"));
        Assert.Contains(before, row => IsOf(row, "seen~"));
        var (partition, table) = (before[0].PartitionKey, azurite.StorageAccount.Table(gateway.Host.Prefix + SessionStore.TableName));
        await table.InsertAsync(new StoredRow(partition, "dead~1") { ["Reason"] = "gone" }, Token);
        await table.InsertAsync(new StoredRow(partition, "run~waits") { ["State"] = RunRow.Queued }, Token);

        Assert.Equal(0, await SweepAsync(gateway, TimeSpan.FromDays(29)));
        Assert.NotEqual(0, await SweepAsync(gateway, TimeSpan.FromDays(31)));
        var after = new List<StoredRow>();
        await foreach (var row in table.QueryAsync(new TableQuery { PartitionKey = partition }, Token))
        {
            after.Add(row);
        }

        Assert.Equal("run~waits", Assert.Single(after, row => IsOf(row, "run~", "seen~", "dead~", "ev~", "stop~")).RowKey);
        Assert.Equal(before.Count(row => IsOf(row, "t~", "head")), after.Count(row => IsOf(row, "t~", "head")));
        await gateway.SendAsync("still there?");
        await gateway.WaitForMessagesAsync(2);
        Assert.Equal(3, gateway.Upstream.Requests[1].Body.GetProperty("messages").GetArrayLength());
    }

    private static bool IsOf(StoredRow row, params string[] prefixes) =>
        prefixes.Any(prefix => row.RowKey.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The service stamps rows itself, so it is the sweeper whose clock is ahead.</summary>
    private static Task<int> SweepAsync(TelegramGateway gateway, TimeSpan ahead) =>
        ActivatorUtilities.CreateInstance<AgedRowSweeper>(gateway.Host.Services, new ShiftedClock(ahead)).SweepAsync(Token);
}
