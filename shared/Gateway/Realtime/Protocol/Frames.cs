using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Realtime.Protocol;

/// <summary>A request of a client.</summary>
/// <param name="Params">Undefined when absent.</param>
internal sealed record RequestFrame(string Id, string Method, JsonElement Params)
{
    public const int MaxId = 256;

    /// <summary>Null when the message is no request frame.</summary>
    public static RequestFrame? Read(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && Text(message, "type") == "req"
        && Text(message, "id") is { Length: > 0 and <= MaxId } id && Text(message, "method") is { Length: > 0 } method
            ? new RequestFrame(id, method, message.TryGetProperty("params", out var given) ? given : default)
            : null;

    /// <summary>A property of a message if it is text.</summary>
    public static string? Text(JsonElement message, string name) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}

/// <summary>Writes frames for clients.</summary>
internal static class FrameWriter
{
    public static byte[] Response<T>(string id, T payload, JsonTypeInfo<T> type) => Write(json =>
    {
        json.WriteString("type"u8, "res"u8);
        json.WriteString("id"u8, id);
        json.WriteBoolean("ok"u8, true);
        json.WritePropertyName("payload"u8);
        JsonSerializer.Serialize(json, payload, type);
    });

    public static byte[] Failure(string id, RpcError error) => Write(json =>
    {
        json.WriteString("type"u8, "res"u8);
        json.WriteString("id"u8, id);
        json.WriteBoolean("ok"u8, false);
        json.WritePropertyName("error"u8);
        JsonSerializer.Serialize(json, error, ProtocolJson.Default.RpcError);
    });

    /// <param name="payload">JSON.</param>
    /// <param name="seq">Null leaves it out.</param>
    public static byte[] Event(string name, ReadOnlyMemory<byte> payload, long? seq) => Write(json =>
    {
        json.WriteString("type"u8, "event"u8);
        json.WriteString("event"u8, name);
        json.WritePropertyName("payload"u8);
        json.WriteRawValue(payload.Span, skipInputValidation: true);
        if (seq is { } number)
        {
            json.WriteNumber("seq"u8, number);
        }
    });

    public static byte[] Json<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonOutput.WriterOptions))
        {
            JsonSerializer.Serialize(json, value, type);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, JsonOutput.WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
