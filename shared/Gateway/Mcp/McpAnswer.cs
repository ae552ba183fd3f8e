using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Mcp;

/// <summary>One JSON-RPC answer, as JSON: the server has nothing to say before it, so it needs no stream.</summary>
internal sealed class McpAnswer : IResult
{
    private readonly ReadOnlyMemory<byte> _json;
    private readonly int _status;

    private McpAnswer(ReadOnlyMemory<byte> json, int status) => (_json, _status) = (json, status);

    /// <param name="write">Writes the members of the result.</param>
    public static McpAnswer Of(JsonElement id, Action<Utf8JsonWriter> write) => Create(id, StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject("result"u8);
        write(json);
        json.WriteEndObject();
    });

    /// <param name="id">Null when the message could not be read.</param>
    /// <param name="versions">Protocol versions that would be understood; null where they are not the matter.</param>
    public static McpAnswer Of(JsonElement? id, McpFailure failure, int status, IReadOnlyList<string>? versions = null) =>
        Create(id, status, json =>
        {
            json.WriteStartObject("error"u8);
            json.WriteNumber("code"u8, failure.Code);
            json.WriteString("message"u8, failure.Message);
            if (versions is not null)
            {
                json.WriteStartObject("data"u8);
                json.WriteStartArray("supported"u8);
                foreach (var version in versions)
                {
                    json.WriteStringValue(version);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });

    public Task ExecuteAsync(HttpContext httpContext) => JsonOutput.WriteAsync(httpContext, _json, _status);

    private static McpAnswer Create(JsonElement? id, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, JsonOutput.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            json.WritePropertyName("id"u8);
            if (id is { } known)
            {
                known.WriteTo(json);
            }
            else
            {
                json.WriteNullValue();
            }

            write(json);
            json.WriteEndObject();
        }

        return new McpAnswer(buffer.WrittenMemory, status);
    }
}
