using Azure;

namespace OpenClaw.Storage;

/// <summary>A blob's bytes from the network; a broken connection is replaced by one that reads on at the same place of the same version.</summary>
internal sealed class BlobReadStream(BlobContainer container, string name, Stream content, long offset, long length, ETag etag) : ReadStream
{
    private const int MaxResumes = 3;

    private Stream _content = content;
    private long _left = length;
    private long _offset = offset;
    private int _resumes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_left > 0 && buffer.Length > 0)
        {
            try
            {
                var read = await _content.ReadAsync(buffer.Length > _left ? buffer[..(int)_left] : buffer, cancellationToken);
                if (read > 0)
                {
                    _offset += read;
                    _left -= read;
                    return read;
                }
            }
            catch (Exception exception) when (_resumes < MaxResumes && exception is IOException or HttpRequestException or RequestFailedException)
            {
                // reads on below
            }

            if (_resumes++ == MaxResumes)
            {
                throw new IOException("The blob ended before its length.");
            }

            await _content.DisposeAsync();
            _content = await container.OpenRangeAsync(name, new() { Offset = _offset, Length = _left, IfMatch = etag }, cancellationToken);
        }

        return 0;
    }

    public override async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
