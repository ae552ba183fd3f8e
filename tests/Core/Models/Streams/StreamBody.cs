namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>A response body that arrives in chunks of any size and may end too early.</summary>
/// <param name="chunkSize">Most bytes of a read; 0 is any number.</param>
internal sealed class StreamBody(StreamBytes sent, int chunkSize, Random random)
    : MemoryStream(sent.Bytes[..(sent.Cut ?? sent.Bytes.Length)])
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var most = chunkSize == 0 ? buffer.Length : Math.Min(buffer.Length, random.Next(chunkSize) + 1);
        var count = await base.ReadAsync(buffer[..most], cancellationToken);
        return count > 0 || sent is not { Cut: not null, Resets: true } ? count : throw new IOException("The connection was reset.");
    }
}
