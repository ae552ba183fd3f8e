using Azure;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

public class TableBatchTests(AzuriteFixture azurite)
{
    private readonly StorageTable _table = azurite.StorageAccount.Table(AzuriteFixture.UniqueName());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_of_100_writes_answers_with_100_etags_in_order()
    {
        var batch = new TableBatch();
        for (var n = 0; n < 100; n++)
        {
            batch.Insert(new StoredRow("p", $"{n:D3}") { ["N"] = n });
        }

        var writes = await _table.SubmitAsync(batch, Token);

        var rows = await _table.QueryAsync(new TableQuery { PartitionKey = "p" }, Token).ToListAsync(Token);
        Assert.Equal(rows.Select(row => row.ETag), writes);
    }

    [Fact]
    public async Task One_failed_operation_undoes_all_and_is_named()
    {
        await _table.InsertAsync(new StoredRow("p", "taken"), Token);
        var batch = new TableBatch()
            .Insert(new StoredRow("p", "a"))
            .Upsert(new StoredRow("p", "b"))
            .Insert(new StoredRow("p", "taken"))
            .Insert(new StoredRow("p", "c"));

        var failure = await Assert.ThrowsAsync<StorageException>(() => _table.SubmitAsync(batch, Token));

        Assert.Equal((409, "EntityAlreadyExists", 2), (failure.Status, failure.Code, failure.FailedOperation));
        Assert.Equal(1, await _table.QueryAsync(new TableQuery { PartitionKey = "p" }, Token).CountAsync(Token));
    }

    [Fact]
    public async Task Mixed_operations_obey_their_etags()
    {
        var head = await _table.InsertAsync(new StoredRow("p", "head") { ["Version"] = 1, ["Keep"] = "yes" }, Token);
        var old = await _table.InsertAsync(new StoredRow("p", "old"), Token);
        var swept = await _table.InsertAsync(new StoredRow("p", "swept"), Token);
        TableBatch Turn() => new TableBatch()
            .Replace(new StoredRow("p", "head") { ["Version"] = 2 }, head)
            .Merge(new StoredRow("p", "old") { ["Done"] = true }, old)
            .Delete("p", "swept", swept)
            .Merge(new StoredRow("p", "merged"))
            .Insert(new StoredRow("p", "turn") { ["Text"] = "POST http://example.test/x HTTP/1.1\r\n\r\n--changeset_0\r\n{\"a\":1}" });

        var writes = await _table.SubmitAsync(Turn(), Token);
        var failure = await Assert.ThrowsAsync<StorageException>(() => _table.SubmitAsync(Turn(), Token));

        var rows = await _table.QueryAsync(new TableQuery { PartitionKey = "p" }, Token).ToDictionaryAsync(
            row => row.RowKey, cancellationToken: Token);
        Assert.Equal((412, "UpdateConditionNotSatisfied", 0), (failure.Status, failure.Code, failure.FailedOperation));
        Assert.Equal(["head", "merged", "old", "turn"], rows.Keys.Order());
        Assert.Equal((2, null), (rows["head"].GetInt32("Version"), rows["head"].GetString("Keep")));
        Assert.Equal(rows["head"].ETag, writes[0]);
        Assert.Equal(default, writes[2]);
        Assert.Equal("POST http://example.test/x HTTP/1.1\r\n\r\n--changeset_0\r\n{\"a\":1}", rows["turn"].GetString("Text"));
    }

    [Fact]
    public async Task A_batch_near_4_MiB_is_stored_whole()
    {
        var batch = new TableBatch();
        var text = new string('x', StorageLimits.PropertyChars);
        for (var n = 0; n < 100; n++)
        {
            batch.Insert(new StoredRow("p", $"{n:D3}") { ["Text"] = text });
        }

        await _table.SubmitAsync(batch, Token);

        Assert.InRange(batch.PayloadBytes, 3_200_000, StorageLimits.BatchBytes);
        Assert.Equal(100 * text.Length, await _table.QueryAsync(new TableQuery { PartitionKey = "p" }, Token).Select(
            row => row.GetString("Text")!.Length).SumAsync(Token));
    }

    [Fact]
    public async Task A_refused_addition_leaves_the_batch_as_it_was()
    {
        var batch = new TableBatch().Insert(new StoredRow("p", "a"));
        var payload = batch.PayloadBytes;

        Assert.Throws<StorageLimitException>(() => batch.Insert(new StoredRow("other", "b")));
        Assert.Throws<StorageLimitException>(() => batch.Delete("p", "a"));
        Assert.Throws<StorageLimitException>(() => batch.Delete("p", "a/b"));
        Assert.Throws<ArgumentException>(() => batch.Replace(new StoredRow("p", "b"), default));

        Assert.Equal((1, payload), (batch.Count, batch.PayloadBytes));
        Assert.Single(await _table.SubmitAsync(batch, Token));
        Assert.Empty(await _table.SubmitAsync(new TableBatch(), Token));
    }

    [Fact]
    public void A_batch_takes_100_operations_and_4_MiB_at_most()
    {
        var many = new TableBatch();
        for (var n = 0; n < StorageLimits.BatchOperations; n++)
        {
            many.Delete("p", $"{n}", ETag.All);
        }

        var large = new TableBatch();
        var tooMuch = Assert.Throws<StorageLimitException>(() =>
        {
            for (var n = 0; n < StorageLimits.BatchOperations; n++)
            {
                large.Insert(new StoredRow("p", $"{n}") { ["Text"] = new string('漢', StorageLimits.PropertyChars) });
            }
        });

        Assert.Throws<StorageLimitException>(() => many.Insert(new StoredRow("p", "one more")));
        Assert.Contains("4194304", tooMuch.Message);
        Assert.InRange(large.PayloadBytes, StorageLimits.BatchBytes - 200_000, StorageLimits.BatchBytes);
    }
}
