using OpenClaw.Errors;
using OpenClaw.Media.Files;
using OpenClaw.Storage;
using OpenClaw.Text;

namespace OpenClaw.Media.Worker;

/// <summary>The content of a file, asked for piece by piece from where it is read; so a range costs no more than itself and a
/// piece.</summary>
internal sealed class MediaStream(BlobContainer container, MediaItem item) : ReadStream
{
    private const int PieceBytes = 4 * 1024 * 1024;

    private Stream? _piece;
    private long _position;

    public override bool CanSeek => true;

    public override long Length => item.Bytes;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <exception cref="StorageException">Storage did not answer, or has other content.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position < Length && buffer.Length > 0)
        {
            _piece ??= await container.OpenReadAsync(
                item.Id, _position, Math.Min(PieceBytes, Length - _position), cancellationToken)
                ?? throw new GatewayException(GatewayError.MediaNotFound(item.Id)); // deleted meanwhile
            if (await _piece.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                _position += read;
                return read;
            }

            await _piece.DisposeAsync();
            _piece = null;
        }

        return 0;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => Length + offset };
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        if (position != _position)
        {
            _piece?.Dispose();
            _piece = null;
            _position = position;
        }

        return _position;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_piece is not null)
        {
            await _piece.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _piece?.Dispose();
        base.Dispose(disposing);
    }
}
