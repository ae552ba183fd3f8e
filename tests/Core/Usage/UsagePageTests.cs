using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Usage;
using Xunit;

namespace OpenClaw.Tests.Core.Usage;

/// <summary>Usage by session is read page by page.</summary>
[Trait("Feature", "T40")]
public class UsagePageTests(AzuriteFixture azurite)
{
    private const int Sessions = 1_500;

    private static readonly DateOnly First = new(2030, 3, 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_of_sessions_takes_few_storage_reads_and_all_pages_hold_each_session_once()
    {
        using var calls = new SeenCalls(static (path, _) => path.Contains(UsageLedger.TableName, StringComparison.Ordinal));
        using var account = StorageAccount.Parse(azurite.ConnectionString, calls);
        await using var gateway = await GatewayHost.StartAsync(account);
        await FillAsync(gateway);
        var runs = new Dictionary<string, long>(StringComparer.Ordinal);
        for (string? cursor = ""; cursor is not null;)
        {
            calls.Reset();
            var page = await gateway.GetDataAsync(
                $"/api/usage?by=session&from=2030-03-01&to=2030-03-03&limit=100&cursor={cursor}");
            Assert.InRange(calls.Seen.Count, 1, 9); // of three days: sessions, and the total
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 1, 100);
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                runs.Add(item.GetProperty("name").GetString()!, item.GetProperty("runs").GetInt64());
            }

            Assert.Equal(77, page.GetProperty("total").GetProperty("runs").GetInt64());
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }

        Assert.Equal(Sessions, runs.Count);
        Assert.All(runs, static r => Assert.Equal(1 + (2 * (Number(r.Key) % 3)), r.Value));
        using var refused = await gateway.Client.GetAsync("/api/usage?by=session&cursor=x");
        Assert.Equal("INVALID_VALUE", (await refused.ReadFailureAsync()).Code);
    }

    /// <summary>Session i is used once on the first day and twice, by two instances, on i mod 3 days.</summary>
    private static async Task FillAsync(GatewayHost gateway)
    {
        var table = gateway.Services.GetRequiredService<GatewayStorage>().Table(UsageLedger.TableName);
        var once = new UsageTotals(1, 0, 0, 0, 0);
        await table.UpsertAsync(
            UsageRow.Of(UsageKey.Of(UsageKey.Day(First), UsageKey.Everybody, UsageBy.Day, "all"), "a", "", once with { Runs = 77 }), Token);
        var rows = Enumerable.Range(0, Sessions).SelectMany(i =>
        {
            var session = new SessionKey("", "main", string.Create(CultureInfo.InvariantCulture, $"s{i}"));
            UsageRow RowOf(int day, string instance) => UsageRow.Of(
                UsageKey.Of(UsageKey.Day(First.AddDays(day)), UsageKey.Everybody, UsageBy.Session, session.Partition),
                instance, session.Key, once);
            return Enumerable.Range(1, i % 3).SelectMany(day => new[] { RowOf(day, "a"), RowOf(day, "b") }).Prepend(RowOf(0, "a"));
        });
        foreach (var day in rows.GroupBy(r => r.PartitionKey))
        {
            await Parallel.ForEachAsync(day.Chunk(100), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (some, token) =>
            {
                var batch = new TableBatch();
                Array.ForEach(some, row => batch.Upsert(row));
                await table.SubmitAsync(batch, token);
            });
        }
    }

    private static int Number(string name) => int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture);
}
