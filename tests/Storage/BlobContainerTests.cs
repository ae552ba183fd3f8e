using System.Security.Cryptography;
using System.Text;
using Azure;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Storage;

public class BlobContainerTests(AzuriteFixture azurite)
{
    private readonly BlobContainer _blobs = azurite.StorageAccount.Container(AzuriteFixture.UniqueName());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blob_comes_back_with_its_type_metadata_and_etag()
    {
        var write = await _blobs.UploadAsync(
            "a/b.txt", "text"u8.ToArray(), new() { ContentType = "text/plain; charset=utf-8", Metadata = new Dictionary<string, string> { ["sha256"] = "abc =", ["owner1"] = "o" } }, Token);

        var content = await _blobs.DownloadAsync("a/b.txt", options: null, Token);
        var properties = await _blobs.GetPropertiesAsync("a/b.txt", Token);

        Assert.Equal("text"u8.ToArray(), content!.Bytes);
        foreach (var seen in new[] { content.Properties, properties! })
        {
            Assert.Equal((write.ETag, 4, "text/plain; charset=utf-8"), (seen.ETag, seen.Length, seen.ContentType));
            Assert.Equal("abc =", seen.Metadata["sha256"]);
            Assert.Equal("o", seen.Metadata["owner1"]);
            Assert.InRange(seen.LastModified, write.ServerTime.AddSeconds(-1), seen.ServerTime.AddSeconds(1));
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("folder/it's 100% + ü & = ; : @ , ~ ! * $ ( ) [ ] ^ `.txt")]
    [InlineData("?query#fragment\"<>|")]
    [InlineData("%41%2F..%20/👩‍🚀/漢字")]
    public async Task Names_with_special_characters_are_signed_and_found(string name)
    {
        await _blobs.UploadAsync(name, Encoding.UTF8.GetBytes(name), options: null, Token);

        Assert.Equal(name, Encoding.UTF8.GetString((await _blobs.DownloadAsync(name, options: null, Token))!.Bytes));
        Assert.Equal(name, (await _blobs.ListAsync(name[..1], Token).SingleAsync(Token)).Name);
        Assert.Equal(name, (await _blobs.ListAsync(name, Token).SingleAsync(Token)).Name);
        Assert.True(await _blobs.DeleteAsync(name, ifMatch: null, leaseId: null, Token));
    }

    [Fact]
    public async Task Conditions_guard_uploads_reads_and_deletes()
    {
        var first = await _blobs.UploadAsync("b", "1"u8.ToArray(), new() { IfNoneMatch = ETag.All }, Token);
        var again = await Assert.ThrowsAsync<StorageException>(() => _blobs.UploadAsync("b", "x"u8.ToArray(), new() { IfNoneMatch = ETag.All }, Token));
        var second = await _blobs.UploadAsync("b", "2"u8.ToArray(), new() { IfMatch = first.ETag }, Token);
        var stale = await Assert.ThrowsAsync<StorageException>(() => _blobs.UploadAsync("b", "x"u8.ToArray(), new() { IfMatch = first.ETag }, Token));
        var staleRead = await Assert.ThrowsAsync<StorageException>(() => _blobs.DownloadAsync("b", new() { IfMatch = first.ETag }, Token));
        var staleDelete = await Assert.ThrowsAsync<StorageException>(() => _blobs.DeleteAsync("b", first.ETag, leaseId: null, Token));
        var current = await _blobs.DownloadAsync("b", new() { IfNoneMatch = second.ETag }, Token);
        var changed = await _blobs.DownloadAsync("b", new() { IfNoneMatch = first.ETag }, Token);
        await using var currentStream = await _blobs.OpenReadAsync("b", new() { IfNoneMatch = second.ETag }, Token);

        Assert.Equal((409, StorageErrorCode.BlobAlreadyExists), (again.Status, again.Code));
        Assert.All([stale, staleRead, staleDelete], failure => Assert.Equal((412, StorageErrorCode.ConditionNotMet), (failure.Status, failure.Code)));
        Assert.True(current!.Properties.NotModified);
        Assert.True(currentStream!.Properties.NotModified);
        Assert.Empty(current.Bytes);
        Assert.False(changed!.Properties.NotModified);
        Assert.Equal("2"u8.ToArray(), changed.Bytes);
        Assert.True(await _blobs.DeleteAsync("b", second.ETag, leaseId: null, Token));
    }

    [Fact]
    public async Task A_range_is_read_without_the_rest()
    {
        await _blobs.UploadAsync("b", "0123456789"u8.ToArray(), options: null, Token);

        var middle = await _blobs.DownloadAsync("b", new() { Offset = 2, Length = 3 }, Token);
        var tail = await _blobs.DownloadAsync("b", new() { Offset = 7 }, Token);
        var past = await Assert.ThrowsAsync<StorageException>(() => _blobs.DownloadAsync("b", new() { Offset = 11 }, Token));

        Assert.Equal("234"u8.ToArray(), middle!.Bytes);
        Assert.Equal(("bytes 2-4/10", 10), (middle.Properties.ContentRange, middle.Properties.Length));
        Assert.Equal("789"u8.ToArray(), tail!.Bytes);
        Assert.Equal((416, StorageErrorCode.InvalidRange), (past.Status, past.Code));
    }

    [Fact]
    public async Task A_blob_that_is_not_there_is_null_or_false_with_or_without_its_container()
    {
        async Task AssertAbsentAsync(BlobContainer blobs)
        {
            Assert.Null(await blobs.DownloadAsync("none", options: null, Token));
            Assert.Null(await blobs.OpenReadAsync("none", options: null, Token));
            Assert.Null(await blobs.GetPropertiesAsync("none", Token));
            Assert.False(await blobs.ExistsAsync("none", Token));
            Assert.False(await blobs.DeleteAsync("none", ifMatch: null, leaseId: null, Token));
            Assert.Empty((await blobs.ListPageAsync(prefix: null, delimiter: null, continuation: null, 10, Token)).Blobs);
        }

        var strict = azurite.StorageAccount.Container(AzuriteFixture.UniqueName(), createOnFirstUse: false);
        await AssertAbsentAsync(_blobs);
        var failure = await Assert.ThrowsAsync<StorageException>(() => strict.DownloadAsync("none", options: null, Token));
        Assert.Equal((404, StorageErrorCode.ContainerNotFound), (failure.Status, failure.Code));
        await Assert.ThrowsAsync<StorageException>(() => strict.UploadAsync("none", new byte[1], options: null, Token));

        Assert.True(await strict.CreateIfNotExistsAsync(Token));
        Assert.False(await strict.CreateIfNotExistsAsync(Token));
        await AssertAbsentAsync(strict);
        Assert.True(await strict.DeleteContainerAsync(Token));
        Assert.False(await strict.DeleteContainerAsync(Token));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(100, true)]
    [InlineData(8 * 1024 * 1024, true)]
    [InlineData((8 * 1024 * 1024) + 1, false)]
    [InlineData(18_000_000, false)]
    public async Task A_stream_of_any_length_is_stored_whole(int length, bool canSeek)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        using var memory = new MemoryStream(bytes);

        var write = await _blobs.UploadAsync("b", canSeek ? memory : new ForwardOnlyStream(memory), new() { ContentType = "x/y", IfNoneMatch = ETag.All }, Token);

        await using var reader = await _blobs.OpenReadAsync("b", options: null, Token);
        Assert.Equal(SHA256.HashData(bytes), await SHA256.HashDataAsync(reader!.Content, Token));
        Assert.Equal((write.ETag, length, "x/y"), (reader.Properties.ETag, reader.Properties.Length, reader.Properties.ContentType));
        await Assert.ThrowsAsync<StorageException>(() => _blobs.UploadAsync("b", new MemoryStream(bytes), new() { IfNoneMatch = ETag.All }, Token));
    }

    [Fact]
    public async Task Bytes_beyond_8_MiB_go_up_in_blocks()
    {
        var bytes = new byte[9_000_000];
        Random.Shared.NextBytes(bytes);

        await _blobs.UploadAsync("b", bytes, options: null, Token);

        Assert.Equal(bytes, (await _blobs.DownloadAsync("b", options: null, Token))!.Bytes);
    }

    [Fact]
    public async Task Listings_come_in_pages_by_prefix_and_by_folder()
    {
        foreach (var name in new[] { "a/1", "a/2", "a/b/3", "a/b/4", "c <&> ü" })
        {
            await _blobs.UploadAsync(name, new byte[3], new() { ContentType = "x/y" }, Token);
        }

        var first = await _blobs.ListPageAsync("a/", delimiter: null, continuation: null, 3, Token);
        var second = await _blobs.ListPageAsync("a/", delimiter: null, first.Continuation, 3, Token);
        var folder = await _blobs.ListPageAsync("a/", "/", continuation: null, 100, Token);
        var all = await _blobs.ListAsync(prefix: null, Token).ToListAsync(Token);

        Assert.Equal(["a/1", "a/2", "a/b/3"], first.Blobs.Select(blob => blob.Name));
        Assert.Equal(["a/b/4"], second.Blobs.Select(blob => blob.Name));
        Assert.Null(second.Continuation);
        Assert.Equal(["a/1", "a/2"], folder.Blobs.Select(blob => blob.Name));
        Assert.Equal(["a/b/"], folder.Folders);
        Assert.Equal(["a/1", "a/2", "a/b/3", "a/b/4", "c <&> ü"], all.Select(blob => blob.Name));
        var properties = await _blobs.GetPropertiesAsync("c <&> ü", Token);
        Assert.Equal((3, "x/y", properties!.ETag, properties.LastModified), (all[4].Length, all[4].ContentType, all[4].ETag, all[4].LastModified));
    }

    [Fact]
    public async Task A_lease_shuts_out_others_until_it_is_released_or_broken()
    {
        await _blobs.UploadAsync("b", new byte[1], options: null, Token);
        var lease = await _blobs.AcquireLeaseAsync("b", TimeSpan.FromSeconds(15), proposedId: null, Token);

        var second = await Assert.ThrowsAsync<StorageException>(() => _blobs.AcquireLeaseAsync("b", TimeSpan.FromSeconds(15), proposedId: null, Token));
        var write = await Assert.ThrowsAsync<StorageException>(() => _blobs.UploadAsync("b", new byte[2], options: null, Token));
        await Assert.ThrowsAsync<StorageException>(() => _blobs.RenewLeaseAsync("b", Guid.NewGuid().ToString(), Token));
        await _blobs.RenewLeaseAsync("b", lease, Token);
        Assert.Equal(lease, await _blobs.AcquireLeaseAsync("b", TimeSpan.FromSeconds(15), lease, Token));
        await _blobs.UploadAsync("b", new byte[2], new() { LeaseId = lease }, Token);
        Assert.True((await _blobs.GetPropertiesAsync("b", Token))!.IsLeased);
        await _blobs.ReleaseLeaseAsync("b", lease, Token);
        await _blobs.AcquireLeaseAsync("b", duration: null, proposedId: null, Token);
        var left = await _blobs.BreakLeaseAsync("b", TimeSpan.Zero, Token);

        Assert.Equal((409, StorageErrorCode.LeaseAlreadyPresent), (second.Status, second.Code));
        Assert.Equal((412, StorageErrorCode.LeaseIdMissing), (write.Status, write.Code));
        Assert.Equal(TimeSpan.Zero, left);
        Assert.False((await _blobs.GetPropertiesAsync("b", Token))!.IsLeased);
        await Assert.ThrowsAsync<StorageLimitException>(() => _blobs.AcquireLeaseAsync("b", TimeSpan.FromSeconds(14), proposedId: null, Token));
        await Assert.ThrowsAsync<StorageLimitException>(() => _blobs.AcquireLeaseAsync("b", TimeSpan.FromSeconds(61), proposedId: null, Token));
    }

    [Theory]
    [InlineData("Upper", "v")]
    [InlineData("with-hyphen", "v")]
    [InlineData("name", "line\r\nx-ms-injected: 1")]
    [InlineData("name", "ü")]
    public async Task Metadata_that_headers_cannot_carry_is_refused(string name, string value) => await Assert.ThrowsAsync<StorageLimitException>(
        () => _blobs.UploadAsync("b", new byte[1], new() { Metadata = new Dictionary<string, string> { [name] = value } }, Token));

    private sealed class ForwardOnlyStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        /// <summary>At most 100,000 bytes at a time, as a network would.</summary>
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, 100_000));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
