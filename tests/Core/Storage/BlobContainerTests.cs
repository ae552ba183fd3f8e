using System.Security.Cryptography;
using System.Text;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

public class BlobContainerTests(AzuriteFixture azurite)
{
    private readonly BlobContainer _blobs = azurite.StorageAccount.Container(AzuriteFixture.UniqueName());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain")]
    [InlineData("folder/it's 100% + ü & = ; : @ , ~ ! * $ ( ) [ ] ^ `.txt")]
    [InlineData("?query#fragment\"<>|")]
    [InlineData("%41%2F..%20/👩‍🚀/漢字")]
    public async Task Names_with_special_characters_are_signed_and_found(string name)
    {
        await _blobs.UploadAsync(name, Encoding.UTF8.GetBytes(name), contentType: null, overwrite: true, Token);

        Assert.Equal(name, Encoding.UTF8.GetString((await _blobs.DownloadAsync(name, Token))!));
        Assert.True(await _blobs.ExistsAsync(name, Token));
        Assert.True(await _blobs.DeleteAsync(name, Token));
        Assert.False(await _blobs.ExistsAsync(name, Token));
    }

    [Fact]
    public async Task A_blob_is_written_over_only_on_request()
    {
        await _blobs.UploadAsync("b", "1"u8.ToArray(), contentType: null, overwrite: false, Token);
        var again = await Assert.ThrowsAsync<StorageException>(
            () => _blobs.UploadAsync("b", "x"u8.ToArray(), contentType: null, overwrite: false, Token));
        Assert.Equal("1"u8.ToArray(), await _blobs.DownloadAsync("b", Token));
        await _blobs.UploadAsync("b", "2"u8.ToArray(), contentType: null, overwrite: true, Token);

        Assert.Equal((409, "BlobAlreadyExists"), (again.Status, again.Code));
        Assert.Equal("2"u8.ToArray(), await _blobs.DownloadAsync("b", Token));
    }

    [Fact]
    public async Task A_range_is_read_without_the_rest()
    {
        await _blobs.UploadAsync("b", "0123456789"u8.ToArray(), contentType: null, overwrite: true, Token);

        Assert.Equal("234"u8.ToArray(), await ReadAsync(2, 3));
        Assert.Equal("789"u8.ToArray(), await ReadAsync(7, null));
        var past = await Assert.ThrowsAsync<StorageException>(() => _blobs.OpenReadAsync("b", 11, length: null, Token));
        Assert.Equal((416, "InvalidRange"), (past.Status, past.Code));

        async Task<byte[]> ReadAsync(long offset, long? length)
        {
            using var read = new MemoryStream();
            await using var content = await _blobs.OpenReadAsync("b", offset, length, Token);
            await content!.CopyToAsync(read, Token);
            return read.ToArray();
        }
    }

    [Fact]
    public async Task A_blob_that_is_not_there_is_null_or_false_with_or_without_its_container()
    {
        for (var created = false; ; created = true)
        {
            Assert.Null(await _blobs.DownloadAsync("none", Token));
            Assert.Null(await _blobs.OpenReadAsync("none", 0, length: null, Token));
            Assert.False(await _blobs.ExistsAsync("none", Token));
            Assert.False(await _blobs.DeleteAsync("none", Token));
            if (created)
            {
                return;
            }

            await _blobs.CreateIfNotExistsAsync(Token);
        }
    }

    [Fact]
    public async Task A_stream_that_fails_leaves_no_blob_and_its_own_failure()
    {
        using var inner = new MemoryStream(new byte[18_000_000]);
        var failure = await Assert.ThrowsAsync<IOException>(
            () => _blobs.UploadAsync("b", new ForwardOnlyStream(inner, failAfter: 9_000_000), contentType: null, overwrite: true, Token));

        Assert.Equal("the client left", failure.Message);
        Assert.False(await _blobs.ExistsAsync("b", Token));
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

        await _blobs.UploadAsync("b", canSeek ? memory : new ForwardOnlyStream(memory), "x/y", overwrite: false, Token);

        await using var content = await _blobs.OpenReadAsync("b", 0, length: null, Token);
        Assert.Equal(SHA256.HashData(bytes), await SHA256.HashDataAsync(content!, Token));
        var again = await Assert.ThrowsAsync<StorageException>(
            () => _blobs.UploadAsync("b", new MemoryStream(bytes), "x/y", overwrite: false, Token));
        Assert.Equal((409, "BlobAlreadyExists"), (again.Status, again.Code));
    }

    [Fact]
    public async Task Bytes_beyond_8_MiB_go_up_in_blocks()
    {
        var bytes = new byte[9_000_000];
        Random.Shared.NextBytes(bytes);

        await _blobs.UploadAsync("b", bytes, contentType: null, overwrite: true, Token);

        Assert.Equal(bytes, await _blobs.DownloadAsync("b", Token));
    }

    private sealed class ForwardOnlyStream(Stream inner, int failAfter = int.MaxValue) : Stream
    {
        private int _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        /// <summary>At most 100,000 bytes at a time, as a network would.</summary>
        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = _read < failAfter ? inner.Read(buffer, offset, Math.Min(count, 100_000)) : throw new IOException("the client left");
            _read += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
