using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Completions;

/// <summary>
/// Writes a chat completions request, in the dialect of the model's servers. Source: OpenAI API reference, "Create chat completion".
/// </summary>
internal static class CompletionsRequest
{
    public static void Write(
        IBufferWriter<byte> output, string model, IEnumerable<ChatMessage> messages, ChatOptions? options,
        CompletionsDialect dialect)
    {
        options = CompletionsFields.Fit(options, dialect);
        using var json = ModelJson.CreateWriter(output);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        CompletionsMessageWriter.Write(json, new CompletionsMessages(messages, options?.Instructions, dialect), dialect);
        json.WriteBoolean("stream"u8, true);
        if (dialect.HasStreamOptions)
        {
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
        }

        if (options is not null)
        {
            WriteSampling(json, options, dialect);
            WriteTools(json, options, dialect);
            WriteFormat(json, options, dialect);
            CompletionsFields.Write(json, options);
        }

        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatOptions options, CompletionsDialect dialect)
    {
        if (dialect.HasSampling ?? dialect.Model.TakesSampling((options as ModelOptions)?.ReasoningEffort))
        {
            json.WriteOptional("temperature"u8, options.Temperature);
            json.WriteOptional("top_p"u8, options.TopP);
            json.WriteOptional("presence_penalty"u8, options.PresencePenalty);
            json.WriteOptional("frequency_penalty"u8, options.FrequencyPenalty);
        }

        json.WriteOptional("seed"u8, options.Seed);
        if (options.MaxOutputTokens is { } most)
        {
            json.WriteNumber(dialect.MaxTokensField, most);
        }

        if (dialect.HasTopK)
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
            json.WriteOptional("reasoning_effort"u8, dialect.HasReasoningEffort ? more.ReasoningEffort : null);
            json.WriteOptional("verbosity"u8, more.Verbosity);
            json.WriteOptional("service_tier"u8, more.ServiceTier);
            json.WriteOptional("prompt_cache_key"u8, more.PromptCacheKey);
            json.WriteOptional("safety_identifier"u8, more.SafetyIdentifier);
        }
    }

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options, CompletionsDialect dialect)
    {
        var some = json.WriteTools(options, (writer, function) =>
        {
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteNameOf(function);
            var (parameters, strict) = (ModelJson.ParametersOf(function), (function as FunctionTool)?.Strict);
            if (parameters is { } schema)
            {
                (schema, strict) = StrictSchema.Fit(ToolSchema.Complete(schema), strict, dialect.ChecksStrictSchemas);
                writer.WritePropertyName("parameters"u8);
                schema.WriteTo(writer);
            }

            writer.WriteOptional("strict"u8, dialect.HasStrictMode ? strict : null);
            writer.WriteEndObject();
        });
        if (some)
        {
            json.WriteOpenAIToolChoice(options, nested: true);
        }
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatOptions options, CompletionsDialect dialect)
    {
        if (options.ResponseFormat is not ChatResponseFormatJson format)
        {
            return;
        }

        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, format.Schema is null ? "json_object"u8 : "json_schema"u8);
        if (format.Schema is { } schema)
        {
            (schema, var strict) = StrictSchema.Fit(schema, (options as ModelOptions)?.StrictSchema, dialect.ChecksStrictSchemas);
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, format.SchemaName ?? "answer");
            json.WriteOptional("description"u8, format.SchemaDescription);
            json.WritePropertyName("schema"u8);
            schema.WriteTo(json);
            json.WriteOptional("strict"u8, dialect.HasStrictMode ? strict : null);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
