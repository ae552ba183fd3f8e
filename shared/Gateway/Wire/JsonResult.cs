using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Wire;

/// <summary>A whole JSON answer, written straight to the response pipe with its length.</summary>
public sealed class JsonResult<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        await using (var json = new Utf8JsonWriter(buffer, JsonOutput.WriterOptions))
        {
            JsonSerializer.Serialize(json, value, type);
        }

        await JsonOutput.WriteAsync(httpContext, buffer.WrittenMemory, status);
    }
}
