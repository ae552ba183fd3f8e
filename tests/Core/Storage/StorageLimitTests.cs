using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

public sealed class StorageLimitTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    public async Task A_key_the_service_forbids_is_refused(string key)
    {
        Assert.Throws<StorageLimitException>(() => new StoredRow(key, "r"));
        Assert.Throws<StorageLimitException>(() => new StoredRow("p", key));
        await Assert.ThrowsAsync<StorageLimitException>(() => azurite.StorageAccount.Table("any").GetAsync("p", key, Token));
        await Assert.ThrowsAsync<StorageLimitException>(() => azurite.StorageAccount.Table("any").DeleteAsync(key, "r", etag: null, Token));
    }

    [Fact]
    public void Keys_end_at_1_KiB()
    {
        Assert.Equal(512, new StoredRow(new string('k', 512), "r").PartitionKey.Length);
        Assert.Throws<StorageLimitException>(() => new StoredRow("p", new string('k', 513)));
    }

    [Fact]
    public void A_property_ends_at_64_KiB()
    {
        Add(("Text", new string('x', 32_768)), ("Bytes", new byte[65_536]));

        Assert.Throws<StorageLimitException>(() => Add(("Text", new string('x', 32_769))));
        Assert.Throws<StorageLimitException>(() => Add(("Bytes", new byte[65_537])));
    }

    [Fact]
    public void An_entity_has_252_properties_at_most()
    {
        var row = new StoredRow("p", "r");
        for (var n = 0; n < 253; n++)
        {
            row[$"P{n}"] = n;
        }

        Assert.Throws<StorageLimitException>(() => new TableBatch().Insert(row));
        row["P0"] = "another value of the same property";
        row["P1"] = null;
        new TableBatch().Insert(row);
        Assert.Equal(252, row.Names.Count);
    }

    [Fact]
    public async Task Values_the_service_cannot_hold_are_refused_before_they_are_sent()
    {
        Assert.Throws<StorageLimitException>(() => Add(("D", double.NaN)));
        Assert.Throws<StorageLimitException>(() => Add(("D", double.PositiveInfinity)));
        Assert.Throws<StorageLimitException>(() => Add(("T", new DateTimeOffset(1600, 12, 31, 0, 0, 0, TimeSpan.Zero))));
        Assert.Throws<StorageLimitException>(() => Add(("S", "half a pair \ud83d")));
        Assert.Throws<StorageLimitException>(() => Add(("S", "\ude80 the other half")));
        Assert.Throws<StorageLimitException>(() => new StoredRow("half \ud83d", "r"));
        Assert.Throws<ArgumentException>(() => Add(("M", 1m)));
        foreach (var write in new Func<TableRow, Task>[]
        {
            row => azurite.StorageAccount.Table("any").InsertAsync(row, Token),
            row => azurite.StorageAccount.Table("any").ReplaceAsync(row, Azure.ETag.All, Token),
            row => azurite.StorageAccount.Table("any").MergeAsync(row, etag: null, Token),
        })
        {
            await Assert.ThrowsAsync<StorageLimitException>(() => write(new StoredRow("p", "r") { ["D"] = double.NaN }));
        }
    }

    [Theory]
    [InlineData("1st")]
    [InlineData("with space")]
    [InlineData("with-hyphen")]
    [InlineData("odata.type")]
    public void A_property_name_the_service_forbids_is_refused(string name) => Assert.Throws<StorageLimitException>(() => Add((name, 1)));

    [Fact]
    public void The_size_of_an_entity_follows_the_services_formula()
    {
        var row = new StoredRow("part", "row");
        Assert.Equal(4 + (2 * 7), TableEntitySize.Of(row));

        row["Text"] = "emoji 👩‍🚀"; // 11 UTF-16 characters
        Assert.Equal(18 + (8 + 8 + 4 + 22), TableEntitySize.Of(row));

        row["Text"] = null;
        foreach (var (value, bytes) in new (
            object, int)[] { (1, 4), (1L, 8), (true, 1), (1.5, 8), (DateTimeOffset.UnixEpoch, 8), (Guid.Empty, 16), (new byte[10], 14), (
            "", 4) })
        {
            row["Value"] = value;
            Assert.Equal(18 + 8 + 10 + bytes, TableEntitySize.Of(row));
        }
    }

    [Fact]
    public async Task An_entity_beyond_1_MiB_is_refused_before_it_is_sent()
    {
        var table = azurite.StorageAccount.Table(AzuriteFixture.UniqueName());
        var row = new StoredRow("p", "r");
        for (var n = 0; n < 15; n++)
        {
            row[$"P{n:D2}"] = new string('x', 32_768);
        }

        row["Rest"] = new byte[(int)(StorageLimits.EntityBytes - TableEntitySize.Of(row) - 8 - 8 - 4)];
        Assert.Equal(StorageLimits.EntityBytes, TableEntitySize.Of(row));
        await table.InsertAsync(row, Token);

        row["B"] = true;
        await Assert.ThrowsAsync<StorageLimitException>(() => table.UpsertAsync(row, Token));
        Assert.Throws<StorageLimitException>(() => new TableBatch().Upsert(row));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("-start")]
    [InlineData("end-")]
    [InlineData("two--hyphens")]
    [InlineData("dot.dot")]
    public void A_container_or_queue_name_the_service_forbids_is_refused(string name)
    {
        Assert.Throws<StorageLimitException>(() => azurite.StorageAccount.Container(name));
        Assert.Throws<StorageLimitException>(() => azurite.StorageAccount.Queue(name));
        Assert.Throws<StorageLimitException>(() => azurite.StorageAccount.Table("1" + name));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a/../b")]
    [InlineData("../b")]
    [InlineData("a\\..\\b")]
    [InlineData("a/.")]
    public async Task A_blob_name_that_could_leave_its_folder_is_refused(string name) =>
        await Assert.ThrowsAsync<StorageLimitException>(() => azurite.StorageAccount.Container("any").DownloadAsync(name, Token));

    private static void Add(params IEnumerable<(string Name, object Value)> properties)
    {
        var row = new StoredRow("p", "r");
        foreach (var (name, value) in properties)
        {
            row[name] = value;
        }

        new TableBatch().Insert(row);
    }
}
