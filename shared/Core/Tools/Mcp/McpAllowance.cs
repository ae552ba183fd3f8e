namespace OpenClaw.Tools.Mcp;

/// <summary>What a server may send between two requests of the gateway, so that one that never stops, or that fills memory with one line,
/// is cut. Answers, streams and reconnections of one connection count together.</summary>
internal sealed class McpAllowance
{
    public const int MostBytes = 16 << 20;

    /// <summary>Requests for the stream of notices; a server may end it at once, again and again.</summary>
    private const int MostStreams = 8;

    private int _bytes;
    private int _streams;

    /// <summary>The gateway asks for something.</summary>
    public void Renew() => (_bytes, _streams) = (0, 0);

    /// <exception cref="IOException">It was more than may come.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) is > MostBytes or < 0)
        {
            throw new IOException("The MCP server sent more than it may.");
        }
    }

    public bool TakeStream() => Interlocked.Increment(ref _streams) <= MostStreams && Volatile.Read(ref _bytes) <= MostBytes;
}
