using System.Net;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

[Trait("Feature", "R11")]
public sealed class StorageRetryTests(AzuriteFixture azurite)
{
    private readonly string _name = AzuriteFixture.UniqueName();
    private readonly SkippingClock _clock = new(TimeSpan.FromSeconds(9)); // delays are at most 8 s, tries 10 s

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_found_by_reading_back()
    {
        await azurite.StorageAccount.Table(_name).CreateIfNotExistsAsync(Token);
        var (account, network) = Connect(FaultHandler.DropReply);
        var table = account.Table(_name);
        var turn = new TableBatch().Insert(new StoredRow("p", "t~0")).Insert(new StoredRow("p", "run~7") { ["State"] = "done" });

        var failure = await Assert.ThrowsAsync<StorageException>(() => table.SubmitAsync(turn, Token));
        var run = await table.GetAsync("p", "run~7", Token);

        Assert.Equal((409, "EntityAlreadyExists", 0), (failure.Status, failure.Code, failure.FailedOperation));
        Assert.Equal("done", run!.GetString("State"));
        Assert.Equal(2, await table.QueryAsync(new TableQuery { PartitionKey = "p" }, Token).CountAsync(Token));
        Assert.Equal(2 + 2, network.Tries.Count);
    }

    [Fact]
    public async Task A_fenced_write_whose_answer_was_lost_ends_in_412()
    {
        var first = await azurite.StorageAccount.Table(_name).InsertAsync(new StoredRow("p", "head") { ["Version"] = 1 }, Token);
        var (account, _) = Connect(FaultHandler.DropReply);

        var failure = await Assert.ThrowsAsync<StorageException>(
            () => account.Table(_name).ReplaceAsync(new StoredRow("p", "head") { ["Version"] = 2 }, first, Token));

        Assert.Equal((412, false), (failure.Status, failure.IsOutcomeUnknown));
        Assert.Equal(2, (await account.Table(_name).GetAsync("p", "head", Token))!.GetInt32("Version"));
    }

    [Fact]
    public async Task A_blob_written_once_whose_answer_was_lost_ends_in_409()
    {
        await azurite.StorageAccount.Container(_name).CreateIfNotExistsAsync(Token);
        var (account, _) = Connect(FaultHandler.DropReply);

        var failure = await Assert.ThrowsAsync<StorageException>(
            () => account.Container(_name).UploadAsync("sha", "text"u8.ToArray(), contentType: null, overwrite: false, Token));

        Assert.Equal((409, "BlobAlreadyExists"), (failure.Status, failure.Code));
        Assert.Equal("text"u8.ToArray(), await account.Container(_name).DownloadAsync("sha", Token));
    }

    [Fact]
    public async Task Writes_that_can_be_repeated_succeed_although_answers_were_lost()
    {
        var (account, network) = Connect(
            FaultHandler.Reset, FaultHandler.DropReply, FaultHandler.Answer(
                HttpStatusCode.BadGateway, body: "<html>proxy</html>", contentType: "text/html"));

        await account.Table(_name).CreateIfNotExistsAsync(Token); // the second try created it
        Assert.Equal(4, network.Tries.Count);
        await account.Table(_name).UpsertAsync(new StoredRow("p", "r"), Token);
        Assert.Equal(5, network.Tries.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task A_service_that_stays_unwell_is_tried_4_times(HttpStatusCode status)
    {
        var (account, network) = Connect(Enumerable.Repeat(FaultHandler.Answer(status), 9));

        var failure = await Assert.ThrowsAsync<StorageException>(() => account.Table(_name).GetAsync("p", "r", Token));

        Assert.Equal((int)status, failure.Status);
        Assert.Equal(4, network.Tries.Count);
        Assert.InRange(_clock.Skipped, TimeSpan.FromSeconds(2.6), TimeSpan.FromSeconds(5.2));
        Assert.Equal(_clock.Delays.Order(), _clock.Delays);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public async Task An_answer_that_is_final_is_not_tried_again(HttpStatusCode status)
    {
        var (account, network) = Connect(FaultHandler.Answer(status));

        var failure = await Assert.ThrowsAsync<StorageException>(() => account.Queue(_name).PeekAsync(1, Token));

        Assert.Equal((int)status, failure.Status);
        Assert.Single(network.Tries);
    }

    [Fact]
    public async Task Retry_after_is_honoured_up_to_a_limit_and_every_try_is_signed()
    {
        var (account, network) = Connect(
            FaultHandler.Answer(HttpStatusCode.ServiceUnavailable, new(TimeSpan.FromSeconds(5))),
            FaultHandler.Answer(HttpStatusCode.ServiceUnavailable, new(_clock.GetUtcNow().AddSeconds(12))),
            FaultHandler.Answer(HttpStatusCode.ServiceUnavailable, new(TimeSpan.FromHours(1))));

        Assert.Null(await account.Table(_name).GetAsync("p", "r", Token));

        Assert.Equal(TimeSpan.FromSeconds(5), _clock.Delays[0]);
        Assert.InRange(_clock.Delays[1], TimeSpan.FromSeconds(5.9), TimeSpan.FromSeconds(7)); // 12 s after the start
        Assert.Equal(TimeSpan.FromSeconds(8), _clock.Delays[2]);
        Assert.Equal(4, network.Tries.Count(signature => signature.StartsWith("SharedKey", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_service_that_never_answers_is_given_up_when_the_time_of_all_tries_is_over()
    {
        var network = new FaultHandler(Enumerable.Repeat(FaultHandler.Hang, 9));
        var retry = new StorageRetryOptions
        {
            TryTimeout = TimeSpan.FromSeconds(0.2),
            TotalTimeout = TimeSpan.FromSeconds(
            0.5),
            FirstDelay = TimeSpan.FromTicks(1)
        };
        using var account = StorageAccount.Parse(azurite.ConnectionString, network, retry);

        var failure = await Assert.ThrowsAsync<StorageException>(() => account.Table(_name).GetAsync("p", "r", Token));

        Assert.Equal((0, StorageErrorCode.TimedOut, true), (failure.Status, failure.Code, failure.IsOutcomeUnknown));
        Assert.InRange(network.Tries.Count, 1, 3); // a fourth would begin after the end
    }

    [Fact]
    public async Task A_connection_that_always_breaks_is_tried_4_times()
    {
        var (account, network) = Connect(Enumerable.Repeat(FaultHandler.Reset, 9));

        var failure = await Assert.ThrowsAsync<StorageException>(
            () => account.Queue(_name).SendAsync("x", delay: null, timeToLive: null, Token));

        Assert.Equal((0, StorageErrorCode.ConnectionFailed, true), (failure.Status, failure.Code, failure.IsOutcomeUnknown));
        Assert.Equal(4, network.Tries.Count);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_read_again()
    {
        await azurite.StorageAccount.Table(_name).InsertAsync(new StoredRow("p", "r") { ["Text"] = new string('x', 5000) }, Token);
        var (account, network) = Connect(FaultHandler.TruncateReply, FaultHandler.TruncateReply);

        var row = await account.Table(_name).GetAsync("p", "r", Token);

        Assert.Equal(5000, row!.GetString("Text")!.Length);
        Assert.Equal(3, network.Tries.Count);
    }

    [Fact]
    public async Task A_batch_refused_for_now_inside_its_202_is_tried_again()
    {
        const string Busy = "--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n--changesetresponse_1\r\n"
            + "Content-Type: application/http\r\n\r\nHTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n\r\n"
            + "{\"odata.error\":{\"code\":\"ServerBusy\",\"message\":{\"lang\":\"en-US\",\"value\":\"0:The server is busy.\"}}}\r\n--changesetresponse_1--\r\n--batchresponse_1--\r\n";
        var busy = FaultHandler.Answer(HttpStatusCode.Accepted, body: Busy, contentType: "multipart/mixed; boundary=batchresponse_1");
        await azurite.StorageAccount.Table(_name).CreateIfNotExistsAsync(Token);
        var (account, network) = Connect(busy, busy, FaultHandler.Pass, busy, busy, busy, busy);
        var table = account.Table(_name);

        await table.SubmitAsync(new TableBatch().Insert(new StoredRow("p", "r")), Token);
        var failure = await Assert.ThrowsAsync<StorageException>(
            () => table.SubmitAsync(new TableBatch().Insert(new StoredRow("p", "s")), Token));

        Assert.Equal((503, "ServerBusy", 0), (failure.Status, failure.Code, failure.FailedOperation));
        Assert.Equal(3 + 4, network.Tries.Count);
    }

    [Fact]
    public async Task A_stream_reads_on_where_the_connection_broke()
    {
        var bytes = new byte[300_000];
        Random.Shared.NextBytes(bytes);
        await azurite.StorageAccount.Container(_name).UploadAsync("b", bytes, contentType: null, overwrite: true, Token);
        var (account, network) = Connect(FaultHandler.TruncateAfter(100_000), FaultHandler.TruncateAfter(50_000));
        using var read = new MemoryStream();

        await using var reader = await account.Container(_name).OpenReadAsync("b", 1000, length: null, Token);
        await reader!.CopyToAsync(read, Token);

        Assert.Equal(bytes[1000..], read.ToArray());
        Assert.Equal(3, network.Tries.Count);
    }

    [Fact]
    public async Task A_stream_does_not_go_on_with_another_version()
    {
        var container = azurite.StorageAccount.Container(_name);
        await container.UploadAsync("b", new byte[300_000], contentType: null, overwrite: true, Token);
        var (account, _) = Connect(FaultHandler.TruncateAfter(100_000));

        await using var reader = await account.Container(_name).OpenReadAsync("b", 0, length: null, Token);
        await container.UploadAsync("b", new byte[300_000], contentType: null, overwrite: true, Token);
        var failure = await Assert.ThrowsAsync<StorageException>(() => reader!.CopyToAsync(Stream.Null, Token));

        Assert.Equal((412, "ConditionNotMet"), (failure.Status, failure.Code));
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_tries()
    {
        var (account, network) = Connect(FaultHandler.Hang);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var read = account.Table(_name).GetAsync("p", "r", caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Single(network.Tries);
    }

    /// <summary>Delays pass at once; tries never time out.</summary>
    private (StorageAccount Account, FaultHandler Network) Connect(params IEnumerable<FaultHandler.Fault> faults)
    {
        var network = new FaultHandler(faults);
        return (StorageAccount.Parse(azurite.ConnectionString, network, new() { Time = _clock }), network);
    }
}
