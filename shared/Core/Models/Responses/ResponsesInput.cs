using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Anthropic;
using OpenClaw.Models.Completions;

namespace OpenClaw.Models.Responses;

/// <summary>Writes messages as the input items of a Responses request, in the order of their contents.</summary>
internal static class ResponsesInput
{
    private const int MaxIdLength = 64;

    /// <param name="instructions">An input without any item is refused, unless there are instructions.</param>
    public static void Write(Utf8JsonWriter json, IEnumerable<ChatMessage> messages, string? instructions)
    {
        var (ids, some) = (new CallIds(MaxIdLength), false);
        json.WriteStartArray("input"u8);
        foreach (var message in messages)
        {
            some |= message.Contents.Any(content => content is FunctionCallContent or FunctionResultContent || IsPart(content));
            Write(json, message, ids);
        }

        if (!some && string.IsNullOrEmpty(instructions))
        {
            Write(json, new ChatMessage(ChatRole.User, "…"), ids);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ChatMessage message, CallIds ids)
    {
        var isAssistant = message.Role == ChatRole.Assistant;
        var open = false;
        foreach (var content in message.Contents)
        {
            if (IsPart(content))
            {
                if (!open)
                {
                    StartMessage(json, message);
                    open = true;
                }

                WritePart(json, content, isAssistant);
                continue;
            }

            if (open)
            {
                EndMessage(json);
                open = false;
            }

            WriteItem(json, content, ids);
        }

        if (open)
        {
            EndMessage(json);
        }
    }

    private static bool IsPart(AIContent content) =>
        content is TextContent or RefusalDelta || ModelJson.IsMedia(content);

    private static void StartMessage(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, message.Role == ChatRole.Tool ? "user" : message.Role.Value);
        json.WriteOptional("phase"u8, ModelJson.Property(message.AdditionalProperties, ModelProperties.Phase));
        json.WriteStartArray("content"u8);
    }

    private static void EndMessage(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, AIContent content, bool isAssistant)
    {
        json.WriteStartObject();
        switch (content)
        {
            case TextContent text:
                json.WriteString("type"u8, isAssistant ? "output_text"u8 : "input_text"u8);
                json.WriteString("text"u8, text.Text);
                break;
            case RefusalDelta refusal:
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, refusal.Text);
                break;
            case DataContent when ModelJson.FileOf(content) is { } file:
                json.WriteString("type"u8, "input_file"u8);
                json.WriteString("filename"u8, ModelJson.NameOf(file));
                json.WriteString("file_data"u8, file.Uri);
                break;
            default:
                json.WriteString("type"u8, "input_image"u8);
                json.WriteString("image_url"u8, ModelJson.ImageUrlOf(content));
                json.WriteString("detail"u8, ModelJson.Property(content.AdditionalProperties, ModelProperties.Detail) ?? "auto");
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, AIContent content, CallIds ids)
    {
        switch (content)
        {
            case FunctionCallContent call:
                json.WriteStartObject();
                json.WriteString("type"u8, "function_call"u8);
                json.WriteString("call_id"u8, ids.Of(call.CallId));
                json.WriteString("name"u8, call.Name);
                json.WriteString("arguments"u8, ModelJson.ObjectOf(call));
                json.WriteEndObject();
                break;
            case FunctionResultContent result:
                json.WriteStartObject();
                json.WriteString("type"u8, "function_call_output"u8);
                json.WriteString("call_id"u8, ids.Of(result.CallId));
                WriteOutput(json, result);
                json.WriteEndObject();
                break;
            case TextReasoningContent { ProtectedData: { } encrypted } reasoning
                when !SealedThinking.IsOurs(encrypted) && !ChatReasoning.IsOne(encrypted):
                json.WriteStartObject();
                json.WriteString("type"u8, "reasoning"u8);
                json.WriteStartArray("summary"u8);
                if (reasoning.IsSummary() && reasoning.Text.Length > 0)
                {
                    json.WriteStartObject();
                    json.WriteString("type"u8, "summary_text"u8);
                    json.WriteString("text"u8, reasoning.Text);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteString("encrypted_content"u8, encrypted);
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteOutput(Utf8JsonWriter json, FunctionResultContent result)
    {
        if (result.Result is not IEnumerable<AIContent> contents || !contents.Any(content => content is not TextContent))
        {
            json.WriteString("output"u8, ModelJson.TextOf(result));
            return;
        }

        json.WriteStartArray("output"u8);
        foreach (var content in contents.Where(IsPart))
        {
            WritePart(json, content, isAssistant: false);
        }

        json.WriteEndArray();
    }
}
