using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Completions;

/// <summary>
/// Writes a chat completions request. OpenAI itself gets <c>max_completion_tokens</c> and the <c>developer</c> role;
/// compatible servers get <c>max_tokens</c>, <c>system</c> and <c>top_k</c>, because many refuse the former.
/// Source: OpenAI API reference, "Create chat completion".
/// </summary>
internal static class CompletionsRequest
{
    public static void Write(
        IBufferWriter<byte> output, string model, IEnumerable<ChatMessage> messages, ChatOptions? options, bool isOpenAI)
    {
        CompletionsFields.Check(options, isOpenAI);
        using var json = ModelJson.CreateWriter(output);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteStartArray("messages"u8);
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            WriteText(json, "system", null, instructions);
        }

        foreach (var message in messages)
        {
            WriteMessage(json, message, isOpenAI);
        }

        json.WriteEndArray();
        json.WriteBoolean("stream"u8, true);
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
        if (options is not null)
        {
            WriteSampling(json, options, isOpenAI);
            WriteTools(json, options);
            WriteFormat(json, options);
            CompletionsFields.Write(json, options);
        }

        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatMessage message, bool isOpenAI)
    {
        if (message.Role == ChatRole.Assistant)
        {
            WriteAssistant(json, message);
            return;
        }

        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "tool"u8);
            json.WriteString("tool_call_id"u8, result.CallId);
            json.WriteString("content"u8, ModelJson.TextOf(result));
            json.WriteEndObject();
        }

        if (message.Role == ChatRole.Tool)
        {
            return;
        }

        var role = message.Role.Value == "developer" && !isOpenAI ? "system" : message.Role.Value;
        if (message.Contents.Count == 1 && message.Contents[0] is TextContent text)
        {
            WriteText(json, role, message.AuthorName, text.Text);
        }
        else if (message.Contents.Any(content => content is not FunctionResultContent))
        {
            WriteParts(json, role, message);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string role, string? name, string text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteOptional("name"u8, name);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, string role, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteOptional("name"u8, message.AuthorName);
        json.WriteStartArray("content"u8);
        foreach (var content in message.Contents)
        {
            if (content is TextContent text)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
                json.WriteEndObject();
            }
            else if (ModelJson.ImageUrlOf(content) is { } url)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                json.WriteString("url"u8, url);
                json.WriteOptional("detail"u8, ModelJson.Property(content.AdditionalProperties, ModelProperties.Detail));
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
        json.WriteEndObject();
    }

    private static void WriteAssistant(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        json.WriteOptional("name"u8, message.AuthorName);
        var text = string.Concat(message.Contents.OfType<TextContent>().Select(content => content.Text));
        var refusal = string.Concat(message.Contents.OfType<RefusalDelta>().Select(content => content.Text));
        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        if (text.Length == 0 && (calls.Count > 0 || refusal.Length > 0))
        {
            json.WriteNull("content"u8);
        }
        else
        {
            json.WriteString("content"u8, text);
        }

        json.WriteOptional("refusal"u8, refusal.Length > 0 ? refusal : null);
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in calls)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, call.CallId);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, call.Name);
                json.WriteString("arguments"u8, ModelJson.ArgumentsOf(call));
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatOptions options, bool isOpenAI)
    {
        json.WriteOptional("temperature"u8, options.Temperature);
        json.WriteOptional("top_p"u8, options.TopP);
        json.WriteOptional("presence_penalty"u8, options.PresencePenalty);
        json.WriteOptional("frequency_penalty"u8, options.FrequencyPenalty);
        json.WriteOptional("seed"u8, options.Seed);
        json.WriteOptional(isOpenAI ? "max_completion_tokens"u8 : "max_tokens"u8, options.MaxOutputTokens);
        if (!isOpenAI)
        {
            json.WriteOptional("top_k"u8, options.TopK);
        }

        if (options.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in stops)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        json.WriteOptional("user"u8, ModelJson.Property(options.AdditionalProperties, ModelProperties.User));
        if (options is ModelOptions more)
        {
            json.WriteOptional("reasoning_effort"u8, more.ReasoningEffort);
            json.WriteOptional("verbosity"u8, more.Verbosity);
            json.WriteOptional("service_tier"u8, more.ServiceTier);
            json.WriteOptional("prompt_cache_key"u8, more.PromptCacheKey);
            json.WriteOptional("safety_identifier"u8, more.SafetyIdentifier);
        }
    }

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options)
    {
        var some = json.WriteTools(options, static (writer, function) =>
        {
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteNameOf(function);
            if (ModelJson.ParametersOf(function) is { } parameters)
            {
                writer.WritePropertyName("parameters"u8);
                parameters.WriteTo(writer);
            }

            writer.WriteOptional("strict"u8, (function as FunctionTool)?.Strict);
            writer.WriteEndObject();
        });
        if (some)
        {
            json.WriteOpenAIToolChoice(options, nested: true);
        }
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.ResponseFormat is not ChatResponseFormatJson format)
        {
            return;
        }

        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, format.Schema is null ? "json_object"u8 : "json_schema"u8);
        if (format.Schema is { } schema)
        {
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, format.SchemaName ?? "answer");
            json.WriteOptional("description"u8, format.SchemaDescription);
            json.WritePropertyName("schema"u8);
            schema.WriteTo(json);
            json.WriteOptional("strict"u8, (options as ModelOptions)?.StrictSchema);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
