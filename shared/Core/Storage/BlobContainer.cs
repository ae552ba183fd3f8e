using System.Buffers;
using System.Runtime.ExceptionServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using OpenClaw.Text;

namespace OpenClaw.Storage;

/// <summary>One container of block blobs. Names are stored as given, <c>/</c> separating folders; the segments <c>.</c> and <c>..</c> are
/// refused.</summary>
public sealed partial class BlobContainer : StorageResource
{
    private const string DefaultContentType = "application/octet-stream";

    /// <summary>What is held of a stream, and goes up in one request.</summary>
    internal const int BlockBytes = 8 * 1024 * 1024;

    private readonly BlobContainerClient _container;

    internal BlobContainer(BlobContainerClient container, StorageFailures failures)
        : base("container", container.Name, BlobErrorCode.ContainerNotFound.ToString(), failures) => _container = container;

    /// <param name="overwrite">Whether a blob of this name may be there: else <c>409 BlobAlreadyExists</c>.</param>
    public Task UploadAsync(
        string name, ReadOnlyMemory<byte> content, string? contentType, bool overwrite, CancellationToken cancellationToken)
    {
        var (blob, options) = (Blob(name), Options(contentType, overwrite));
        return WriteAsync("upload to", () =>
            blob.UploadAsync(BinaryData.FromBytes(content), options, cancellationToken), cancellationToken);
    }

    /// <summary>Reads the stream to its end, holding at most 8 MiB of it. Readers see the blob only when it is whole.</summary>
    /// <inheritdoc cref="UploadAsync(string, ReadOnlyMemory{byte}, string?, bool, CancellationToken)" path="/param"/>
    public async Task UploadAsync(string name, Stream content, string? contentType, bool overwrite, CancellationToken cancellationToken)
    {
        var (blob, options) = (Blob(name), Options(contentType, overwrite));
        // A stream known to be shorter gets one byte more than it has, so that the first read sees its end.
        var size = content.CanSeek && content.Length - content.Position < BlockBytes ? (int)(content.Length - content.Position) + 1
            : BlockBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var start = buffer.AsMemory(0, size);
            var read = await content.ReadAtLeastAsync(start, size, throwOnEndOfStream: false, cancellationToken);
            if (read < size)
            {
                await UploadAsync(name, start[..read], contentType, overwrite, cancellationToken);
                return;
            }

            await CreateIfNotExistsAsync(cancellationToken); // a stream cannot be sent again
            var source = new SourceStream(start, content);
            try
            {
                await ReadAsync("upload to", () => blob.UploadAsync(source, options, cancellationToken), cancellationToken);
            }
            catch (StorageException) when (source.Failure is not null)
            {
                ExceptionDispatchInfo.Throw(source.Failure); // whoever sent the stream failed, not storage
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads into memory; null when there is no such blob.</summary>
    public async Task<byte[]?> DownloadAsync(string name, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        try
        {
            return (await ReadAsync(
                "download from", () => blob.DownloadContentAsync(cancellationToken), cancellationToken)).Value.Content.ToArray();
        }
        catch (StorageException absent) when (absent.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Reads as it arrives; null when there is no such blob. The stream goes on where it was when the connection breaks, as long
    /// as the
    /// blob is the same version.</summary>
    /// <param name="length">Bytes; null reads to the end.</param>
    /// <exception cref="StorageException"><c>416 InvalidRange</c>; from the stream <c>412 ConditionNotMet</c>.</exception>
    public async Task<Stream?> OpenReadAsync(string name, long offset, long? length, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        var options = new BlobDownloadOptions { Range = offset == 0 && length is null ? default : new HttpRange(offset, length) };
        try
        {
            var answer = await ReadAsync("download from", () => blob.DownloadStreamingAsync(options, cancellationToken), cancellationToken);
            return Translated(answer.Value.Content, "download from");
        }
        catch (StorageException absent) when (absent.Status == 404)
        {
            return null;
        }
    }

    public async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        return (await ReadAsync("ask of", () => blob.ExistsAsync(cancellationToken), cancellationToken)).Value;
    }

    /// <summary>False when there is no such blob; after a retry that may be the work of an earlier try.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        return (await ReadAsync(
            "delete from", () => blob.DeleteIfExistsAsync(cancellationToken: cancellationToken), cancellationToken)).Value;
    }

    private protected override Task CreateAsync(CancellationToken cancellationToken) =>
        _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    private BlobClient Blob(string name)
    {
        StorageLimits.CheckBlobName(name);
        return _container.GetBlobClient(name);
    }

    private static BlobUploadOptions Options(string? contentType, bool overwrite) => new()
    {
        HttpHeaders = new BlobHttpHeaders { ContentType = contentType ?? DefaultContentType },
        Conditions = overwrite ? null : new BlobRequestConditions { IfNoneMatch = ETag.All },
        TransferOptions = new StorageTransferOptions
        {
            InitialTransferSize = BlockBytes,
            MaximumTransferSize = BlockBytes,
            MaximumConcurrency = 1
        },
    };

    /// <summary>Bytes that were read of a stream, and then the rest of it.</summary>
    private sealed class SourceStream(ReadOnlyMemory<byte> start, Stream rest) : ReadStream
    {
        private ReadOnlyMemory<byte> _start = start;

        /// <summary>Why the rest could not be read.</summary>
        public Exception? Failure { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_start.IsEmpty)
            {
                try
                {
                    return await rest.ReadAsync(buffer, cancellationToken);
                }
                catch (Exception failure)
                {
                    Failure = failure;
                    throw;
                }
            }

            var count = Math.Min(buffer.Length, _start.Length);
            _start[..count].CopyTo(buffer);
            _start = _start[count..];
            return count;
        }
    }
}
