using Azure;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

public class StorageTableTests(AzuriteFixture azurite)
{
    private readonly StorageTable _table = azurite.StorageAccount.Table(AzuriteFixture.UniqueName());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_property_type_comes_back_as_it_was_stored(bool inBatch)
    {
        var guid = Guid.NewGuid();
        var date = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(5)).AddTicks(1234567);
        byte[] bytes = [0, 1, 254, 255];
        var stored = new StoredRow("p", "r")
        {
            ["Text"] = "quote ' \" < > & \\ line\r\n tab\t emoji 👩‍🚀 漢字 \u0001 \u2028",
            ["Empty"] = "",
            ["Int"] = int.MinValue,
            ["Long"] = long.MaxValue,
            ["NegativeLong"] = long.MinValue,
            ["Yes"] = true,
            ["No"] = false,
            ["Fraction"] = 0.1,
            ["Whole"] = 5.0,
            ["Tiny"] = double.Epsilon,
            ["Date"] = date,
            ["Guid"] = guid,
            ["Bytes"] = bytes,
            ["NoBytes"] = Array.Empty<byte>(),
        };
        Task write = inBatch ? _table.SubmitAsync(new TableBatch().Insert(stored), Token) : _table.InsertAsync(stored, Token);
        await write;

        foreach (var row in new[] { await _table.GetAsync("p", "r", Token), await _table.QueryAsync(new(), Token).SingleAsync(Token) })
        {
            Assert.NotNull(row);
            Assert.Equal("quote ' \" < > & \\ line\r\n tab\t emoji 👩‍🚀 漢字 \u0001 \u2028", row.GetString("Text"));
            Assert.Equal("", row.GetString("Empty"));
            Assert.Equal(int.MinValue, Assert.IsType<int>(row["Int"]));
            Assert.Equal(long.MaxValue, Assert.IsType<long>(row["Long"]));
            Assert.Equal(long.MinValue, row.GetInt64("NegativeLong"));
            Assert.True(row.GetBoolean("Yes"));
            Assert.False(row.GetBoolean("No"));
            Assert.Equal(0.1, Assert.IsType<double>(row["Fraction"]));
            Assert.Equal(5.0, row.GetDouble("Whole"));
            Assert.Equal(double.Epsilon, row.GetDouble("Tiny"));
            Assert.Equal(date, Assert.IsType<DateTimeOffset>(row["Date"]));
            Assert.Equal(guid, Assert.IsType<Guid>(row["Guid"]));
            Assert.Equal(bytes, row.GetBytes("Bytes"));
            Assert.Empty(row.GetBytes("NoBytes")!);
            Assert.Equal(14, row.Names.Count);
        }
    }

    [Fact]
    public async Task A_second_insert_of_a_row_is_a_conflict()
    {
        await _table.InsertAsync(new StoredRow("p", "r"), Token);

        var failure = await Assert.ThrowsAsync<StorageException>(() => _table.InsertAsync(new StoredRow("p", "r"), Token));

        Assert.Equal((409, "EntityAlreadyExists"), (failure.Status, failure.Code));
        Assert.False(failure.IsOutcomeUnknown);
    }

    [Fact]
    public async Task A_write_with_a_stale_etag_is_refused_and_changes_nothing()
    {
        var first = await _table.InsertAsync(new StoredRow("p", "r") { ["N"] = 1 }, Token);
        var second = await _table.ReplaceAsync(new StoredRow("p", "r") { ["N"] = 2 }, first, Token);

        foreach (var write in new Func<Task>[]
        {
            () => _table.ReplaceAsync(new StoredRow("p", "r") { ["N"] = 3 }, first, Token),
            () => _table.MergeAsync(new StoredRow("p", "r") { ["N"] = 3 }, first, Token),
            () => _table.DeleteAsync("p", "r", first, Token),
        })
        {
            var failure = await Assert.ThrowsAsync<StorageException>(write);
            Assert.Equal((412, "UpdateConditionNotSatisfied"), (failure.Status, failure.Code));
        }

        var row = await _table.GetAsync("p", "r", Token);
        Assert.Equal(2, row!.GetInt32("N"));
        Assert.Equal(second, row.ETag);
        Assert.True(await _table.DeleteAsync("p", "r", second, Token));
    }

    [Fact]
    public async Task The_etag_of_a_write_of_a_read_and_of_a_query_are_equal()
    {
        var write = await _table.UpsertAsync(new StoredRow("p", "r"), Token);
        var read = await _table.GetAsync("p", "r", Token);
        var queried = await _table.QueryAsync(new TableQuery { PartitionKey = "p" }, Token).SingleAsync(Token);

        Assert.Equal(write, read!.ETag);
        Assert.Equal(write, queried.ETag);
        Assert.NotNull(read.Timestamp);
        Assert.NotNull(queried.Timestamp);
    }

    [Fact]
    public async Task Replace_drops_other_properties_and_merge_keeps_them()
    {
        await _table.UpsertAsync(new StoredRow("p", "r") { ["A"] = 1, ["B"] = 2 }, Token);
        await _table.MergeAsync(new StoredRow("p", "r") { ["B"] = 3 }, ETag.All, Token);
        var merged = await _table.GetAsync("p", "r", Token);
        await _table.ReplaceAsync(new StoredRow("p", "r") { ["B"] = 4 }, ETag.All, Token);
        var replaced = await _table.GetAsync("p", "r", Token);

        Assert.Equal((1, 3), (merged!.GetInt32("A"), merged.GetInt32("B")));
        Assert.Equal((null, 4), (replaced!.GetInt32("A"), replaced.GetInt32("B")));
    }

    [Fact]
    public async Task A_row_that_is_not_there_is_null_false_or_404()
    {
        await _table.MergeAsync(new StoredRow("p", "by merge"), etag: null, Token);

        Assert.NotNull(await _table.GetAsync("p", "by merge", Token));
        Assert.Null(await _table.GetAsync("p", "none", Token));
        Assert.False(await _table.DeleteAsync("p", "none", etag: null, Token));
        var failure = await Assert.ThrowsAsync<StorageException>(() => _table.ReplaceAsync(new StoredRow("p", "none"), ETag.All, Token));
        Assert.Equal((404, "ResourceNotFound"), (failure.Status, failure.Code));
        await Assert.ThrowsAsync<ArgumentException>(() => _table.ReplaceAsync(new StoredRow("p", "none"), default, Token));
    }

    [Theory]
    [InlineData("it's", "''")]
    [InlineData("a b+c&d=e;f:g@h,i$j!k*l(m)n[o]p{q}r|s^t~u`v\"w<x>y", "~!@$^&*()_+={}[]:;'<>,.|")]
    [InlineData("100%", "%41%2F%27")]
    [InlineData("👩‍🚀 漢字 é é", " spaces ")]
    [InlineData("", "")]
    public async Task Keys_with_special_characters_are_signed_quoted_and_found(string partitionKey, string rowKey)
    {
        await _table.InsertAsync(new StoredRow(partitionKey, rowKey) { ["N"] = 1 }, Token);

        var read = await _table.GetAsync(partitionKey, rowKey, Token);
        var queried = await _table.QueryAsync(new TableQuery { PartitionKey = partitionKey, RowKeyFrom = rowKey }, Token).SingleAsync(
            Token);
        var replaced = await _table.ReplaceAsync(new StoredRow(partitionKey, rowKey) { ["N"] = 2 }, read!.ETag, Token);
        await _table.SubmitAsync(new TableBatch().Replace(new StoredRow(partitionKey, rowKey) { ["N"] = 3 }, replaced), Token);

        Assert.Equal((partitionKey, rowKey), (queried.PartitionKey, queried.RowKey));
        Assert.Equal(3, (await _table.GetAsync(partitionKey, rowKey, Token))!.GetInt32("N"));
        Assert.True(await _table.DeleteAsync(partitionKey, rowKey, etag: null, Token));
    }

    [Fact]
    public async Task Every_read_brings_the_services_clock()
    {
        await _table.UpsertAsync(new StoredRow("p", "r"), Token);
        var read = (await _table.GetAsync("p", "r", Token))!;
        var queried = (await _table.QueryPageAsync(new(), continuation: null, Token)).Rows[0];

        Assert.InRange(read.Clock.Now, read.Timestamp!.Value.AddSeconds(-1), read.Timestamp.Value.AddSeconds(30));
        Assert.InRange(queried.Clock.Now, read.Clock.Now, read.Clock.Now.AddSeconds(30));
    }

    [Fact]
    public async Task Reads_see_a_missing_table_as_empty_and_a_write_creates_it()
    {
        Assert.Null(await _table.GetAsync("p", "r", Token));
        Assert.Empty((await _table.QueryPageAsync(new(), continuation: null, Token)).Rows);
        Assert.False(await _table.DeleteAsync("p", "r", etag: null, Token));

        await _table.SubmitAsync(new TableBatch().Insert(new StoredRow("p", "r")), Token);

        Assert.NotNull(await _table.GetAsync("p", "r", Token));
        await _table.CreateIfNotExistsAsync(Token);
        Assert.NotNull(await _table.GetAsync("p", "r", Token));
        await _table.DeleteTableAsync(Token);
        Assert.Null(await _table.GetAsync("p", "r", Token));
    }

    [Fact]
    public void A_property_read_as_another_type_is_an_error_that_names_it()
    {
        var row = new StoredRow("p", "r") { ["N"] = 1 };

        Assert.Contains("Property N holds Int32", Assert.Throws<InvalidOperationException>(() => row.GetString("N")).Message);
        Assert.Equal(1L, row.GetInt64("N"));
        Assert.Null(row.GetString("Other"));
    }
}
