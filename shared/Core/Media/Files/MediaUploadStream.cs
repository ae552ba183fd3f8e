using System.Security.Cryptography;
using OpenClaw.Text;

namespace OpenClaw.Media.Files;

/// <summary>A file on its way into storage: what was read of it already and then the rest, counted, hashed and held to its limit.</summary>
/// <param name="most">Bytes that it may have.</param>
/// <param name="isText">Whether a zero byte gives it away as something else.</param>
/// <param name="tooLarge">Makes the failure of a file beyond the limit.</param>
internal sealed class MediaUploadStream(
    ReadOnlyMemory<byte> start, Stream rest, long most, bool isText, Func<Exception> tooLarge, Func<Exception> notText) : ReadStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ReadOnlyMemory<byte> _start = start;

    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    /// <summary>Lower-case hex, once the end was reached.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>True so that storage asks for the length, and takes no larger buffer than it needs.</summary>
    public override bool CanSeek => true;

    /// <summary>At the most.</summary>
    public override long Length => most;

    public override long Position { get => Count; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        if (_start.Length > 0)
        {
            read = Math.Min(_start.Length, buffer.Length);
            _start[..read].CopyTo(buffer);
            _start = _start[read..];
        }
        else
        {
            read = await rest.ReadAsync(buffer, cancellationToken);
        }

        Count += read;
        if (Count > most)
        {
            throw tooLarge();
        }

        if (isText && buffer.Span[..read].Contains((byte)0))
        {
            throw notText();
        }

        _hash.AppendData(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
