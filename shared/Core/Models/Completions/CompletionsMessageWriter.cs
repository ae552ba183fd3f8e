using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Completions;

/// <summary>Writes the messages of a chat completions request.</summary>
internal static class CompletionsMessageWriter
{
    /// <summary>What Google's documents name for calls whose signature is not known, such as those of another model.</summary>
    private const string NoSignature = """{"google":{"thought_signature":"skip_thought_signature_validator"}}""";

    public static void Write(Utf8JsonWriter json, CompletionsMessages messages, CompletionsDialect dialect)
    {
        var ids = dialect.CreateIds();
        json.WriteStartArray("messages"u8);
        foreach (var message in messages.All)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, message.Role);
            json.WriteOptional("name"u8, message.Name);
            switch (message.Role)
            {
                case "assistant":
                    WriteAssistant(json, message, dialect, ids);
                    break;
                case "tool":
                    var result = (FunctionResultContent)message.Contents[0];
                    json.WriteOptional("name"u8, dialect.NeedsToolResultName ? messages.ToolOf(result.CallId) : null);
                    json.WriteString("tool_call_id"u8, ids.Of(result.CallId));
                    json.WriteString("content"u8, ModelJson.TextOf(result));
                    break;
                default:
                    WriteContent(json, message.Contents, dialect);
                    break;
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteContent(Utf8JsonWriter json, List<AIContent> contents, CompletionsDialect dialect)
    {
        if (contents is [TextContent only])
        {
            json.WriteString("content"u8, only.Text);
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var content in contents)
        {
            if (content is TextContent text)
            {
                WriteTextPart(json, text.Text);
            }
            else if (ModelJson.ImageUrlOf(content) is { } url)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                json.WriteString("url"u8, url);
                json.WriteOptional("detail"u8, DetailOf(content));
                json.WriteEndObject();
                json.WriteEndObject();
            }
            else if (ModelJson.FileOf(content) is { } file)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "file"u8);
                json.WriteStartObject("file"u8);
                json.WriteString("filename"u8, ModelJson.NameOf(file));
                json.WriteString("file_data"u8, file.Uri);
                json.WriteEndObject();
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteTextPart(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    // "original" exists only in the Responses API.
    private static string? DetailOf(AIContent content) =>
        ModelJson.Property(content.AdditionalProperties, ModelProperties.Detail) is var detail && detail == "original" ? "high" : detail;

    private static void WriteAssistant(Utf8JsonWriter json, CompletionsMessage message, CompletionsDialect dialect, CallIds ids)
    {
        var text = string.Concat(message.Contents.OfType<TextContent>().Select(content => content.Text));
        var refusal = string.Concat(message.Contents.OfType<RefusalDelta>().Select(content => content.Text));
        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        var reasoning = Reasoning.Of(message.Contents, dialect);
        if (reasoning is { Field: ChatReasoning.Parts, Text.Length: > 0 })
        {
            WriteThinkingPart(json, reasoning.Text, text);
        }
        else if (text.Length == 0)
        {
            json.WriteNull("content"u8);
        }
        else
        {
            json.WriteString("content"u8, text);
        }

        json.WriteOptional("refusal"u8, refusal.Length > 0 ? refusal : null);
        reasoning.Write(json, dialect);
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in calls)
            {
                WriteCall(json, call, ids, dialect, isFirst: call == calls[0]);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteThinkingPart(Utf8JsonWriter json, string thinking, string text)
    {
        json.WriteStartArray("content"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "thinking"u8);
        json.WriteStartArray("thinking"u8);
        WriteTextPart(json, thinking);
        json.WriteEndArray();
        json.WriteEndObject();
        if (text.Length > 0)
        {
            WriteTextPart(json, text);
        }

        json.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter json, FunctionCallContent call, CallIds ids, CompletionsDialect dialect, bool isFirst)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, ids.Of(call.CallId));
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, ModelJson.ObjectOf(call));
        json.WriteEndObject();
        var extra = dialect.IsOpenAI ? null : (call as RawFunctionCall)?.Extra;
        if (extra is { ValueKind: JsonValueKind.Object } fields)
        {
            foreach (var field in fields.EnumerateObject().Where(field => CallExtra.IsOne(field.Name)))
            {
                field.WriteTo(json);
            }
        }
        else if (dialect.NeedsThoughtSignatures && isFirst) // only the first of parallel calls has one
        {
            json.WritePropertyName("extra_content"u8);
            json.WriteRawValue(NoSignature);
        }

        json.WriteEndObject();
    }

    /// <summary>The reasoning of one message, in the field that the provider expects.</summary>
    private readonly record struct Reasoning(string? Field, string Text, JsonElement? Details)
    {
        public static Reasoning Of(List<AIContent> contents, CompletionsDialect dialect)
        {
            var (field, text, details) = (dialect.ReasoningField, "", (JsonElement?)null);
            if (field is null)
            {
                return new(null, "", null);
            }

            foreach (var content in contents.OfType<TextReasoningContent>())
            {
                var state = ChatReasoning.Open(content.ProtectedData);
                if (content.ProtectedData is not null && state is null)
                {
                    continue; // another API's
                }

                var origin = ModelJson.Property(content.AdditionalProperties, ModelProperties.Origin);
                var isOwn = origin is null ? state is not null : origin.StartsWith(dialect.ProviderId + "/", StringComparison.Ordinal);
                field = isOwn && !dialect.IsReasoningFieldFixed ? state?.Field ?? field : field;
                text += isOwn || field != ChatReasoning.Parts ? state?.Text ?? content.Text : "";
                details = state?.Details ?? details;
            }

            return new(field, text, field == ChatReasoning.Parts ? null : details);
        }

        public void Write(Utf8JsonWriter json, CompletionsDialect dialect)
        {
            if (Field is not (null or ChatReasoning.Parts) && Text.Length > 0)
            {
                json.WriteString(Field, Text);
            }
            else if (dialect.NeedsReasoning && Field is not null)
            {
                json.WriteString(Field, " ");
            }

            if (Details is { } details)
            {
                json.WritePropertyName("reasoning_details"u8);
                details.WriteTo(json);
            }
        }
    }
}
