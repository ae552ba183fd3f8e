using System.Buffers;
using System.Globalization;
using System.Text;
using Azure.Core;

namespace OpenClaw.Storage;

/// <summary>
/// Writes one blob: in one request when it fits into a block, else block by block and then the list of them. Holds one block in memory
/// whatever the length. Source: REST reference, "Put Blob", "Put Block", "Put Block List".
/// </summary>
internal sealed class BlobUpload(string path, string target, BlobUploadOptions options, Func<StorageRequest, CancellationToken, Task<StorageReply>> send)
{
    public const int BlockBytes = 8 * 1024 * 1024;

    private const int MaxBlocks = 50_000;

    public async Task<BlobWrite> WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length <= BlockBytes)
        {
            return await PutAsync(content, cancellationToken);
        }

        var blocks = new BlockList();
        for (; content.Length > 0; content = content[Math.Min(BlockBytes, content.Length)..])
        {
            await PutBlockAsync(blocks.Next(), content[..Math.Min(BlockBytes, content.Length)], cancellationToken);
        }

        return await CommitAsync(blocks, cancellationToken);
    }

    public async Task<BlobWrite> WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        // A stream known to be shorter gets one byte more than it has, so that the first read sees its end.
        var size = content.CanSeek && content.Length - content.Position < BlockBytes ? (int)(content.Length - content.Position) + 1 : BlockBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var block = buffer.AsMemory(0, size);
            var read = await content.ReadAtLeastAsync(block, size, throwOnEndOfStream: false, cancellationToken);
            if (read < size)
            {
                return await PutAsync(block[..read], cancellationToken);
            }

            var blocks = new BlockList();
            for (; read > 0; read = await content.ReadAtLeastAsync(block, size, throwOnEndOfStream: false, cancellationToken))
            {
                await PutBlockAsync(blocks.Next(), block[..read], cancellationToken);
            }

            return await CommitAsync(blocks, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<BlobWrite> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var request = new StorageRequest(RequestMethod.Put, path, target) { Body = content, HasBody = true };
        using var reply = await send(Describe(request.With("x-ms-blob-type", "BlockBlob")), cancellationToken);
        return new(reply.ThrowIfFailed().ETag, reply.ServerTime);
    }

    private async Task PutBlockAsync(string id, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        var request = new StorageRequest(RequestMethod.Put, $"{path}?comp=block&blockid={Uri.EscapeDataString(id)}", target) { Body = block, HasBody = true };
        using var reply = await send(request.With("x-ms-lease-id", options.LeaseId), cancellationToken);
        reply.ThrowIfFailed();
    }

    private async Task<BlobWrite> CommitAsync(BlockList blocks, CancellationToken cancellationToken)
    {
        var request = new StorageRequest(RequestMethod.Put, $"{path}?comp=blocklist", target) { Body = blocks.ToXml(), HasBody = true };
        using var reply = await send(Describe(request), cancellationToken);
        return new(reply.ThrowIfFailed().ETag, reply.ServerTime);
    }

    private StorageRequest Describe(StorageRequest request)
    {
        request.With("x-ms-blob-content-type", options.ContentType).With("x-ms-lease-id", options.LeaseId).IfMatch(options.IfMatch).IfNoneMatch(options.IfNoneMatch);
        foreach (var (name, value) in options.Metadata ?? new Dictionary<string, string>())
        {
            CheckMetadata(name, value);
            request.With($"x-ms-meta-{name}", value);
        }

        return request;
    }

    /// <summary>Narrower than the service, whose sort order for signatures is not ordinal beyond letters and digits.</summary>
    private static void CheckMetadata(string name, string value)
    {
        var valid = name.Length > 0 && char.IsAsciiLetterLower(name[0]) && !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && value.AsSpan().Trim().Length == value.Length;
        foreach (var c in name)
        {
            valid &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
        }

        if (!valid)
        {
            throw new StorageLimitException("Blob metadata needs names of lower-case letters and digits and values of printable ASCII without outer spaces.");
        }
    }

    /// <summary>Ids of one length that no other upload of the same blob can have.</summary>
    private sealed class BlockList
    {
        private readonly List<string> _ids = [];
        private readonly string _upload = Guid.NewGuid().ToString("N");

        public string Next()
        {
            if (_ids.Count == MaxBlocks)
            {
                throw new StorageLimitException($"A blob has at most {MaxBlocks} blocks of {BlockBytes} bytes.");
            }

            var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_upload}{_ids.Count:D6}")));
            _ids.Add(id);
            return id;
        }

        public byte[] ToXml()
        {
            var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
            foreach (var id in _ids)
            {
                xml.Append("<Latest>").Append(id).Append("</Latest>"); // base64 needs no escaping
            }

            return Encoding.UTF8.GetBytes(xml.Append("</BlockList>").ToString());
        }
    }
}
