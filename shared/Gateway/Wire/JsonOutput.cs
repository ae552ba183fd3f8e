using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Wire;

/// <summary>How JSON leaves the gateway: UTF-8 with only the escapes JSON itself asks for.</summary>
public static class JsonOutput
{
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes a whole JSON answer with its length; only the headers for <c>HEAD</c>.</summary>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> json, int status)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(json, context.RequestAborted);
        }
    }
}

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
