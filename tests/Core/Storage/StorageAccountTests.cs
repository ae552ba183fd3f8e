using Azure;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

public sealed class StorageAccountTests(AzuriteFixture azurite)
{
    private const string Key = "c2VjcmV0LWtleS1vZi10aGUtYWNjb3VudA==";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_connection_string_names_the_three_endpoints()
    {
        using var plain = StorageAccount.Parse(
            $"DefaultEndpointsProtocol=https;AccountName=acc;AccountKey={Key};EndpointSuffix=core.example.test");
        using var suffixless = StorageAccount.Parse($"AccountName=acc;AccountKey={Key};");
        using var mixed = StorageAccount.Parse($"accountname=acc; AccountKey={Key}; TableEndpoint=https://tables.example.test:444/x/");
        using var emulator = StorageAccount.Parse("UseDevelopmentStorage=true");

        Assert.Equal("https://acc.blob.core.example.test/", plain.Endpoints.Blob.AbsoluteUri);
        Assert.Equal("https://acc.queue.core.example.test/", plain.Endpoints.Queue.AbsoluteUri);
        Assert.Equal("https://acc.table.core.windows.net/", suffixless.Endpoints.Table.AbsoluteUri);
        Assert.Equal("https://tables.example.test:444/x/", mixed.Endpoints.Table.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:10002/devstoreaccount1", emulator.Endpoints.Table.AbsoluteUri);
        Assert.True(emulator.Endpoints.IsLoopback);
        Assert.False(plain.Endpoints.IsLoopback);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AccountName=acc")]
    [InlineData("AccountName=acc;AccountKey=not*base64*secret")]
    [InlineData("AccountName=acc;SharedAccessSignature=sv=1&sig=secret")]
    [InlineData("AccountName=acc;AccountKey=c2VjcmV0;BlobEndpoint=ftp://secret")]
    [InlineData("secret without an equals sign")]
    public void A_malformed_connection_string_is_refused_without_repeating_it(string connectionString)
    {
        var failure = Assert.Throws<FormatException>(() => StorageAccount.Parse(connectionString));

        Assert.DoesNotContain("secret", failure.ToString());
        Assert.DoesNotContain("c2VjcmV0", failure.ToString());
    }

    [Fact]
    public void The_data_account_comes_before_the_hosts_own()
    {
        static StorageAccount? Read(params (string Name, string Value)[] settings) =>
            StorageAccount.FromEnvironment(name => settings.FirstOrDefault(setting => setting.Name == name).Value);

        var data = ("DataStorage", $"AccountName=data;AccountKey={Key}");
        var jobs = ("AzureWebJobsStorage", $"AccountName=jobs;AccountKey={Key}");
        using var both = Read(jobs, data);
        using var fallback = Read(jobs);

        Assert.Equal("data.table.core.windows.net", both!.Endpoints.Table.Host);
        Assert.Equal("jobs.table.core.windows.net", fallback!.Endpoints.Table.Host);
        Assert.Null(Read());
        using var identity = Read(("DataStorage__accountName", "acc"), jobs);
        Assert.Equal("acc.table.core.windows.net", identity!.Endpoints.Table.Host);
        Assert.Contains("DataStorage", Assert.Throws<InvalidOperationException>(() => Read(("DataStorage", "nonsense"))).Message);
    }

    /// <summary>See <see cref="LocalhostPolicy"/>.</summary>
    [Fact]
    public async Task An_emulator_named_localhost_takes_every_kind_of_write_on_any_port()
    {
        using var account = StorageAccount.Parse(azurite.ConnectionString.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        Assert.Equal("localhost", account.Endpoints.Table.Host);
        var table = account.Table(AzuriteFixture.UniqueName());
        await table.InsertAsync(new StoredRow("p", "a") { ["Kept"] = "kept" }, Token);
        await table.MergeAsync(new StoredRow("p", "a") { ["Alone"] = 1 }, ETag.All, Token);
        await table.MergeAsync(new StoredRow("p", "b") { ["Kept"] = "kept" }, etag: null, Token);
        var version = (await table.GetAsync("p", "a", Token))!.ETag;
        await table.SubmitAsync(
            new TableBatch()
                .Merge(new StoredRow("p", "a") { ["Batched"] = 1 }, version)
                .Merge(new StoredRow("p", "b") { ["Batched"] = 1 })
                .Upsert(new StoredRow("p", "c") { ["Batched"] = 1 }),
            Token);
        var stale = await Assert.ThrowsAsync<StorageException>(
            () => table.SubmitAsync(new TableBatch().Merge(new StoredRow("p", "a") { ["Batched"] = 2 }, version), Token));
        var (a, b) = (await table.GetAsync("p", "a", Token), await table.GetAsync("p", "b", Token));

        Assert.Equal(412, stale.Status);
        Assert.Equal(("kept", 1, 1), (a!.GetString("Kept"), a.GetInt32("Alone"), a.GetInt32("Batched")));
        Assert.Equal(("kept", 1), (b!.GetString("Kept"), b.GetInt32("Batched")));
    }

    [Fact]
    public async Task A_refused_signature_shows_neither_key_nor_signature_nor_row()
    {
        var network = new FaultHandler();
        var wrongKey = string.Join(
            ';', azurite.ConnectionString.Split(';').Select(
            part => part.StartsWith("AccountKey=", StringComparison.Ordinal) ? $"AccountKey={Key}" : part));
        using var account = StorageAccount.Parse(wrongKey, network);
        var row = new StoredRow("secret-partition", "secret-row") { ["Text"] = "secret text" };
        foreach (var operation in new Func<Task>[]
        {
            () => account.Table("things").InsertAsync(row, Token),
            () => account.Table("things").SubmitAsync(new TableBatch().Insert(row), Token),
            () => account.Container("things").DownloadAsync("secret-name", Token),
            () => account.Queue("things").SendAsync("secret text", delay: null, timeToLive: null, Token),
        })
        {
            var failure = await Assert.ThrowsAsync<StorageException>(operation);
            var text = failure.ToString();

            Assert.Equal(403, failure.Status);
            Assert.Contains("things", text);
            Assert.DoesNotContain("secret", text);
            Assert.DoesNotContain("SharedKey", text);
            Assert.DoesNotContain(Key, text);
            Assert.All(network.Tries, signature => Assert.DoesNotContain(signature.Split(':')[1], text));
        }
    }
}
