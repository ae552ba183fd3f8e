namespace OpenClaw.Tools.Mcp;

/// <summary>A server cannot be used. The message is public; nothing in it is the server's own text.</summary>
internal sealed class McpServerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The session that the request belonged to is over; the request was not taken.</summary>
    public bool IsSessionLost { get; init; }
}
