using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Wire;

/// <summary>Writes a <see cref="GatewayError"/> in the shape of the surface that was called.</summary>
public static class ErrorBody
{
    /// <summary>JSON-RPC's code for failures that it does not define.</summary>
    private const int ServerError = -32000;

    /// <summary>Answers with the error, unless an answer has already begun.</summary>
    public static async Task WriteAsync(HttpContext context, GatewayError error)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            if (response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) != true)
            {
                context.Abort(); // the client must see that the JSON document is cut off
            }

            return;
        }

        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        AnswerHeaders.Set(response);
        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            // RFC 6750, 3: a request without a token gets the challenge alone
            response.Headers.WWWAuthenticate = context.Request.Headers.Authorization.Count > 0
                ? "Bearer realm=\"openclaw\", error=\"invalid_token\"" : "Bearer realm=\"openclaw\"";
        }

        if (RetrySeconds(error) is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (IsFinal(error.Status) && context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers["x-should-retry"] = "false"; // without it some SDKs repeat a 401 for minutes
        }

        var surface = PathTable.Of(context).SurfaceOf(context);
        var requestId = surface == Surface.Anthropic ? AnthropicErrors.RequestIdOf(context) : "";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var writer = new Utf8JsonWriter(response.BodyWriter, JsonOutput.WriterOptions);
        Write(writer, error, surface, requestId);
        await writer.FlushAsync(context.RequestAborted);
    }

    /// <summary>Whether the same request would fail again.</summary>
    private static bool IsFinal(int status) => status is >= 400 and < 500 and not (408 or 409 or 429);

    private static void Write(Utf8JsonWriter writer, GatewayError error, Surface surface, string requestId)
    {
        switch (surface)
        {
            case Surface.Api:
                WriteApi(writer, error);
                break;
            case Surface.Tools:
                WriteTools(writer, error);
                break;
            case Surface.Anthropic:
                AnthropicErrors.Write(writer, error, requestId);
                break;
            case Surface.Mcp:
                WriteMcp(writer, error);
                break;
            default:
                WriteOpenAi(writer, error);
                break;
        }
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

    /// <summary>The shape under <c>/api</c>; <c>retryAfter</c> in whole seconds, where a retry makes sense.</summary>
    private static void WriteApi(Utf8JsonWriter writer, GatewayError error)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success", false);
        writer.WriteStartObject("error");
        writer.WriteString("code", ErrorCodes.Of(error));
        writer.WriteString("message", error.Message);
        if (RetrySeconds(error) is { } seconds)
        {
            writer.WriteNumber("retryAfter", seconds);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The shape of tools and hooks.</summary>
    private static void WriteTools(Utf8JsonWriter writer, GatewayError error)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", false);
        writer.WriteStartObject("error");
        writer.WriteString("type", error.Code);
        writer.WriteString("message", error.Message);
        if (error.RequiresApproval)
        {
            writer.WriteBoolean("requiresApproval", true);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>JSON-RPC's shape, of a request that was not read: its id is not known.</summary>
    private static void WriteMcp(Utf8JsonWriter writer, GatewayError error)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WriteNull("id");
        writer.WriteStartObject("error");
        writer.WriteNumber("code", ServerError);
        writer.WriteString("message", error.Message);
        writer.WriteStartObject("data");
        writer.WriteString("code", error.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static long? RetrySeconds(GatewayError error) =>
        error.RetryAfter is { } after ? Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)) : null;
}
