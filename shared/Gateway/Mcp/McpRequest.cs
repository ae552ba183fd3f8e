using System.Text.Json;

namespace OpenClaw.Gateway.Mcp;

/// <summary>A message of a client.</summary>
/// <param name="Id">A string or a number, to send back as it is; null when no answer is expected.</param>
/// <param name="Method">Null for an answer to a question, which this server never asks.</param>
/// <param name="Params">An object, or undefined.</param>
internal sealed record McpRequest(JsonElement? Id, string? Method, JsonElement Params)
{
    /// <exception cref="McpFailure">It is no JSON, or no message.</exception>
    public static McpRequest Read(ReadOnlySpan<byte> body)
    {
        JsonElement message;
        try
        {
            message = JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            throw new McpFailure(McpFailure.ParseError, "The body is not JSON.");
        }

        if (message.ValueKind != JsonValueKind.Object || Text(message, "jsonrpc") != "2.0")
        {
            throw new McpFailure(McpFailure.InvalidRequest, "The body must be one JSON-RPC 2.0 message; lists of messages are not taken.");
        }

        var hasId = message.TryGetProperty("id", out var id);
        if (hasId && id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            throw new McpFailure(McpFailure.InvalidRequest, "The id must be a string or a number.");
        }

        var method = Text(message, "method");
        if (method is null && !(hasId && (message.TryGetProperty("result", out _) || message.TryGetProperty("error", out _))))
        {
            throw new McpFailure(McpFailure.InvalidRequest, "The message names no method.");
        }

        message.TryGetProperty("params", out var parameters);
        return parameters.ValueKind is JsonValueKind.Object or JsonValueKind.Undefined
            ? new McpRequest(hasId && method is not null ? id : null, method, parameters)
            : throw new McpFailure(McpFailure.InvalidRequest, "The params must be an object.");
    }

    /// <summary>A string of the params; null when it is absent or none.</summary>
    public string? Param(string name) => Params.ValueKind == JsonValueKind.Object ? Text(Params, name) : null;

    private static string? Text(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }
}
