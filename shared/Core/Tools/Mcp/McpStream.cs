using OpenClaw.Text;

namespace OpenClaw.Tools.Mcp;

/// <summary>What a server sends, counted against its allowance.</summary>
internal sealed class McpStream(Stream inner, McpAllowance allowance) : ReadStream
{
    /// <exception cref="IOException">The server sent too much.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        allowance.Take(read);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
