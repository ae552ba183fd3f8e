namespace OpenClaw.Gateway.Mcp;

/// <summary>A failure that a client gets as a JSON-RPC error. The message is public.</summary>
/// <param name="code">Of JSON-RPC, or of the protocol.</param>
internal sealed class McpFailure(int code, string message) : Exception(message)
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;

    /// <summary>The version that the request names is not one of the list that goes with the error.</summary>
    public const int UnsupportedVersion = -32022;

    public int Code => code;
}
