namespace OpenClaw.Gateway.Wire;

/// <summary>The family of routes that a path belongs to; it decides the shape of errors.</summary>
public enum Surface
{
    /// <summary><c>{"error":{"message","type","param","code"}}</c>, also for paths that no route declares.</summary>
    OpenAi,

    /// <summary><c>{"success":false,"error":{"code","message","retryAfter"}}</c>.</summary>
    Api,

    /// <summary><c>{"ok":false,"error":{"type","message"}}</c>.</summary>
    Tools,

    /// <summary><c>{"type":"error","error":{"type","message","details"},"request_id"}</c>; callers may send their secret in
    /// <c>x-api-key</c>.</summary>
    Anthropic,

    /// <summary>JSON-RPC: <c>{"jsonrpc":"2.0","id":null,"error":{"code","message","data":{"code"}}}</c>.</summary>
    Mcp,
}
