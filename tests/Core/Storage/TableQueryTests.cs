using System.Globalization;
using System.Runtime.CompilerServices;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

public class TableQueryTests(AzuriteFixture azurite)
{
    private readonly StorageTable _table = azurite.StorageAccount.Table(AzuriteFixture.UniqueName());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_reads_on_past_a_page_of_1000_rows()
    {
        await FillAsync(1_150);

        var keys = await _table.QueryAsync(new TableQuery { PartitionKey = "p" }, Token).Select(row => row.RowKey).ToListAsync(Token);
        var first1100 = await _table.QueryAsync(new TableQuery { PartitionKey = "p", Top = 1_100 }, Token).CountAsync(Token);

        Assert.Equal(Enumerable.Range(0, 1_150).Select(Key), keys);
        Assert.Equal(1_100, first1100);
    }

    [Fact]
    public async Task Pages_follow_each_other_by_an_opaque_continuation()
    {
        await FillAsync(25);
        var query = new TableQuery { PartitionKey = "p", Top = 10 };

        var first = await _table.QueryPageAsync(query, continuation: null, Token);
        var second = await _table.QueryPageAsync(query, first.Continuation, Token);
        var third = await _table.QueryPageAsync(query, second.Continuation, Token);

        Assert.Equal([10, 10, 5], [first.Rows.Count, second.Rows.Count, third.Rows.Count]);
        Assert.Equal(Key(10), second.Rows[0].RowKey);
        Assert.Null(third.Continuation);
        await Assert.ThrowsAsync<ArgumentException>(() => _table.QueryPageAsync(query, "no continuation!", Token));
    }

    [Fact]
    public async Task A_row_key_range_includes_its_start_and_excludes_its_end()
    {
        await FillAsync(20);

        var range = await KeysAsync(new TableQuery { PartitionKey = "p", RowKeyFrom = Key(3), RowKeyTo = Key(6) });
        var prefix = await KeysAsync(TableQuery.WithPrefix("p", "r~00001"));

        Assert.Equal([Key(3), Key(4), Key(5)], range);
        Assert.Equal(Enumerable.Range(10, 10).Select(Key), prefix);
    }

    [Fact]
    public async Task A_filter_finds_values_of_every_type()
    {
        var guid = Guid.NewGuid();
        var date = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(67);
        await _table.InsertAsync(
            new StoredRow("p", "wanted")
            {
                ["S"] = "it's",
                ["I"] = 7,
                ["L"] = 1L << 40,
                ["B"] = true,
                ["D"] = 0.1,
                ["T"] = date,
                ["G"] = guid,
                ["X"] = new byte[] { 1, 254 },
                ["W"] = 1.0
            }, Token);
        await _table.InsertAsync(
            new StoredRow("p", "other")
            {
                ["S"] = "other",
                ["I"] = 8,
                ["L"] = 1L,
                ["B"] = false,
                ["D"] = 0.2,
                ["T"] = date.AddSeconds(
                1),
                ["G"] = Guid.Empty,
                ["X"] = new byte[] { 2 },
                ["W"] = 2.0
            }, Token);

        foreach (var (name, value) in new (
            string, object)[] { ("S", "it's"), ("I", 7), ("L", 1L << 40), ("B", true), ("D", 0.1), ("T", date), ("G", guid), (
            "X", new byte[] { 1, 254 }), ("W", 1.0) })
        {
            Assert.Equal(["wanted"], await KeysAsync(new TableQuery { PartitionKey = "p", Filter = Where(name, "eq", value) }));
            Assert.Equal(["other"], await KeysAsync(new TableQuery { PartitionKey = "p", Filter = Where(name, "ne", value) }));
        }

        Assert.Equal(["wanted"], await KeysAsync(new TableQuery { Filter = TableQuery.Where($"T lt {date.AddSeconds(1)} and I ge {7}") }));
        Assert.Equal(2, (await KeysAsync(new TableQuery { Filter = TableQuery.Where($"I gt {7} or I le {7}") })).Count);
    }

    [Fact]
    public async Task A_value_cannot_end_its_own_quotes()
    {
        await _table.InsertAsync(new StoredRow("p", "secret") { ["S"] = "x" }, Token);

        Assert.Empty(await KeysAsync(new TableQuery { PartitionKey = "q' or PartitionKey eq 'p" }));
        Assert.Empty(await KeysAsync(new TableQuery { Filter = TableQuery.Where($"S eq {"y' or S eq 'x"}") }));
        Assert.Empty(await KeysAsync(new TableQuery { PartitionKey = "q", RowKeyFrom = "'&$filter=", RowKeyTo = "%27 or 1 eq 1" }));
    }

    [Fact]
    public async Task Select_returns_the_named_properties_with_keys_and_etag()
    {
        var write = await _table.InsertAsync(new StoredRow("p", "r") { ["A"] = 1, ["B"] = 2 }, Token);

        var row = await _table.QueryAsync(new TableQuery { PartitionKey = "p", Select = ["B"] }, Token).SingleAsync(Token);

        Assert.Equal(("p", "r", write), (row.PartitionKey, row.RowKey, row.ETag));
        Assert.Equal(["B"], row.Names);
    }

    private static string Where(string name, string comparison, object value) =>
        TableQuery.Where(FormattableStringFactory.Create($"{name} {comparison} {{0}}", value));

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"r~{number:D6}");

    private async Task<List<string>> KeysAsync(TableQuery query) =>
        await _table.QueryAsync(query, Token).Select(row => row.RowKey).ToListAsync(Token);

    private async Task FillAsync(int rows)
    {
        foreach (var numbers in Enumerable.Range(0, rows).Chunk(StorageLimits.BatchOperations))
        {
            var batch = new TableBatch();
            foreach (var number in numbers)
            {
                batch.Insert(new StoredRow("p", Key(number)) { ["N"] = number });
            }

            await _table.SubmitAsync(batch, Token);
        }
    }
}
