using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.MediaGateway;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Senders that leave and storage that does not answer.</summary>
public class MediaFaultTests(AzuriteFixture azurite)
{
    private const int Large = 20_000_000;

    [Theory]
    [InlineData("Content-Length: 1000000\r\nContent-Type: image/png\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Type: image/png\r\n", "1000\r\n")]
    [InlineData("Content-Length: 1000000\r\nContent-Type: multipart/form-data; boundary=b\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Type: image/png\r\n\r\n")]
    [Trait("Feature", "F10")]
    public async Task An_upload_that_breaks_off_leaves_nothing_and_takes_no_quota(string headers, string before)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var account = StorageAccount.Parse(network.ConnectionString);
        await using var gateway = await MediaGateway.StartAsync(account, configure: c => c.Gateway.Http.Media.QuotaBytes = 1_000_000);
        var reserved = network.Watch(c => c.Body.Contains("\"State\":\"pending\"", StringComparison.Ordinal));
        var forgotten = network.Watch(c => c.Method == "DELETE" && c.Path.Contains("PartitionKey='due'", StringComparison.Ordinal));
        var url = new Uri(gateway.Url);
        using (var socket = new TcpClient(url.Host, url.Port))
        {
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /api/media HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {GatewayHost.Token}\r\n{headers}\r\n{before}"));
            await stream.WriteAsync(Bytes(4096));
            await reserved.Hit.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Contains((await gateway.StoredAsync()).Rows, r => r.Contains("|file~", StringComparison.Ordinal));
        }

        await forgotten.Hit.WaitAsync(TimeSpan.FromSeconds(30));
        var (rows, blobs) = await gateway.StoredAsync();
        Assert.Empty(blobs);
        Assert.Equal(["usage"], rows.Select(r => r.Split('|')[1]));
        await gateway.UploadAsync(Bytes(1_000_000)); // the whole quota
        Assert.DoesNotContain("Unexpected failure", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F10")]
    public async Task Storage_that_is_down_is_503_everywhere()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var account = StorageAccount.Parse(network.ConnectionString);
        await using var gateway = await MediaGateway.StartAsync(account);
        var media = await gateway.UploadAsync();
        network.On(_ => true, StorageFaults.Drop, int.MaxValue);
        foreach (var (method, path) in new[] { ("GET", "/api/media"), ("GET", $"/api/media/{media.Id()}"), (
            "DELETE", $"/api/media/{media.Id()}"), ("GET", $"/media/{media.Id()}"), ("GET", "/v1/files") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await gateway.Client.SendAsync(request);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, path), (answer.StatusCode, path));
        }

        using var upload = await gateway.Client.SendAsync(Raw(Png));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE"), await upload.ReadFailureAsync());
        using var stranger = await gateway.GetOpenlyAsync($"/media/{media.Id()}");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode); // before anything is looked up
    }

    [Fact]
    public async Task Content_that_cannot_be_had_is_an_error_and_not_half_an_answer()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var account = StorageAccount.Parse(network.ConnectionString);
        await using var gateway = await MediaGateway.StartAsync(account);
        var media = await gateway.UploadAsync();
        network.On(c => c is { Service: "Blob", Method: "GET" }, StorageFaults.Drop, int.MaxValue);
        using var down = await gateway.Client.GetAsync(media.Text("url"));
        network.Clear();
        await account.Container($"{gateway.Prefix}-media").DeleteAsync(media.Id(), TestContext.Current.CancellationToken);
        using var gone = await gateway.Client.GetAsync(media.Text("url"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "storage_unavailable"), (down.StatusCode, (await down.ReadErrorAsync()).Code));
        Assert.Equal((HttpStatusCode.NotFound, "media_not_found"), (gone.StatusCode, (await gone.ReadErrorAsync()).Code));
        Assert.Equal((null, null), (down.Headers.ETag, down.Content.Headers.ContentDisposition));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bytes=100-19999999")]
    [Trait("Feature", "F10")]
    public async Task An_outage_in_the_middle_of_a_download_ends_the_connection(string? range)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var account = StorageAccount.Parse(network.ConnectionString);
        await using var gateway = await MediaGateway.StartAsync(account);
        var media = await gateway.UploadAsync(Bytes(Large));
        var pieces = 0;
        network.On(c => c is { Service: "Blob", Method: "GET" } && Interlocked.Increment(ref pieces) > 2, StorageFaults.Drop, int.MaxValue);
        using var request = new HttpRequestMessage(HttpMethod.Get, media.Text("url"));
        request.Headers.TryAddWithoutValidation("Range", range ?? "bytes=0-");
        using var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        using var read = new MemoryStream();

        await Assert.ThrowsAnyAsync<Exception>(async () => await answer.Content.CopyToAsync(read));
        Assert.InRange(read.Length, 1, Large - 1);
    }

    [Fact]
    public async Task A_connection_to_storage_that_breaks_for_a_moment_is_not_noticed()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var account = StorageAccount.Parse(network.ConnectionString);
        await using var gateway = await MediaGateway.StartAsync(account);
        var content = Bytes(Large);
        network.OnSome(c => c.Service == "Table", StorageFaults.OneOf(3, StorageFaults.Drop, StorageFaults.DropReply), 0.15, seed: 11);
        var media = await gateway.UploadAsync(content);
        network.On(c => c is { Service: "Blob", Method: "GET" }, StorageFaults.TruncateReply, 2);

        Assert.Equal(content, await gateway.Client.GetByteArrayAsync(media.Text("url")));
    }
}
