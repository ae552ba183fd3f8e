using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Http;

/// <summary>Writes a <see cref="GatewayError"/> in the shape of the surface that was called.</summary>
public static class ErrorBody
{
    /// <summary>Answers with the error, unless an answer is already under way.</summary>
    public static async Task WriteAsync(HttpContext context, GatewayError error)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            if (response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) != true)
            {
                context.Abort(); // half a JSON document must not look whole
            }

            return;
        }

        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.RetryAfter is { } after)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var writer = new Utf8JsonWriter(response.BodyWriter, JsonOutput.WriterOptions);
        WriteOpenAi(writer, error);
        await writer.FlushAsync(context.RequestAborted);
    }

    /// <summary>OpenAI's shape, all four keys: <c>{"error":{"message","type","param","code"}}</c>.</summary>
    public static void WriteOpenAi(Utf8JsonWriter writer, GatewayError error)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", error.Message);
        writer.WriteString("type", error.Type);
        writer.WriteString("param", error.Param);
        writer.WriteString("code", error.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
