using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Wire;

/// <summary>Failures in Anthropic's shape: <c>{"type":"error","error":{"type","message","details"},"request_id"}</c>. Source: Claude
/// API documentation, "Errors". <c>details.error_code</c>, where Anthropic's clients look for finer codes, is the gateway's own
/// code.</summary>
internal static class AnthropicErrors
{
    public const string RequestIdHeader = "request-id";

    /// <summary>The id of the answer to this request, set as its header; the first call makes it.</summary>
    public static string RequestIdOf(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (headers[RequestIdHeader] is not [{ Length: > 0 } id])
        {
            headers[RequestIdHeader] = id = RandomId.Create("req_");
        }

        return id;
    }

    public static void Write(Utf8JsonWriter writer, GatewayError error, string requestId)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, TypeOf(error));
        writer.WriteString("message"u8, MessageOf(error));
        writer.WriteStartObject("details"u8);
        writer.WriteString("error_code"u8, error.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("request_id"u8, requestId);
        writer.WriteEndObject();
    }

    public static string TypeOf(GatewayError error) => error.Status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        < 500 => "invalid_request_error",
        _ => "api_error",
    };

    /// <summary>The shape has no field for the parameter at fault, so the message names it.</summary>
    public static string MessageOf(GatewayError error) => error switch
    {
        { Code: ErrorCode.ContextLengthExceeded } => "prompt is too long: " + error.Message, // clients look for these words and compact
        { Param: { } param } when !error.Message.Contains(param, StringComparison.Ordinal) => $"{param}: {error.Message}",
        _ => error.Message,
    };
}
