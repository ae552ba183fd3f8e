using System.Text.Json;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>The envelope of a client's WebSocket message; the rest is a <see cref="CreateResponseRequest"/>.</summary>
internal sealed record SocketMessage
{
    public string? Type { get; init; }

    /// <summary>True is what a socket does anyway; the OpenAI Agents SDK sends it.</summary>
    public bool? Stream { get; init; }

    public JsonElement? StreamOptions { get; init; }

    public bool? Background { get; init; }
}

/// <summary>A failed turn; the socket stays open.</summary>
internal sealed record SocketError(int Status, SocketErrorBody Error)
{
    public string Type { get; init; } = "error";
}

internal sealed record SocketErrorBody(string Code, string Message, string Type, string? Param);
