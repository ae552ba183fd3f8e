using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Protocol;

namespace OpenClaw.Gateway.Realtime.Simple;

/// <summary>A message of a client of the simple dialect.</summary>
internal static class SimpleRequest
{
    public const string Auth = "auth";
    public const string Ping = "ping";
    public const string Subscribe = "subscribe";
    public const string Message = "message";

    public static IReadOnlyList<string> Types { get; } = [Auth, Message, Ping, Subscribe];

    /// <summary>Undefined or unknown types are null.</summary>
    public static string? TypeOf(JsonElement message) =>
        RequestFrame.Text(message, "type") is { } type && Types.Contains(type) ? type : null;

    public static Failure UnknownType() =>
        new("INVALID_MESSAGE", $"Send JSON whose 'type' is one of {string.Join(", ", Types)}.");

    /// <summary>The session that a message names; null for none.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_type</c>.</exception>
    public static string? SessionIdOf(JsonElement message)
    {
        if (message.TryGetProperty("sessionId", out var named) && named.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            throw new GatewayException(GatewayError.InvalidType("sessionId", "a string"));
        }

        return RequestFrame.Text(message, "sessionId") is { Length: > 0 } given ? given : null;
    }

    /// <summary>The events that a subscription names.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>: there is no such event.</exception>
    public static IReadOnlyList<string> EventsOf(JsonElement message)
    {
        List<string> asked = message.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array
            ? [.. events.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!).Distinct()] : [];
        return asked.Find(name => !SimpleEvents.Kinds.Contains(name)) is null ? asked
            : throw new GatewayException(GatewayError.InvalidValue("events", $"names out of {string.Join(" and ", SimpleEvents.Kinds)}."));
    }
}
