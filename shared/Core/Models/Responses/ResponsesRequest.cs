using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Responses;

/// <summary>
/// Writes a Responses request that the provider does not store: it contains the whole history, with reasoning in encrypted form.
/// Fields that this API lacks: <see cref="ResponsesFields"/>. Source: OpenAI API reference, "Create a model response".
/// </summary>
internal static class ResponsesRequest
{
    public static void Write(IBufferWriter<byte> output, string model, IEnumerable<ChatMessage> messages, ChatOptions? options,
        CompatSection compat)
    {
        options = ResponsesFields.Fit(options, model, compat.SupportsTemperature);
        using var json = ModelJson.CreateWriter(output);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteOptional("instructions"u8, options?.Instructions);
        ResponsesInput.Write(json, messages, options?.Instructions);
        json.WriteBoolean("stream"u8, true);
        json.WriteBoolean("store"u8, false);
        ResponsesFields.WriteInclude(json, options, Reasons(model));
        if (options is not null)
        {
            WriteSampling(json, model, options, compat);
            WriteTools(json, options, compat);
            WriteText(json, options, compat);
            ResponsesFields.Write(json, options);
        }

        json.WriteEndObject();
    }

    // OpenAI refuses encrypted reasoning for models that do not reason.
    private static bool Reasons(string model) =>
        !model.StartsWith("gpt-3", StringComparison.Ordinal)
        && !model.StartsWith("gpt-4", StringComparison.Ordinal)
        && !model.StartsWith("chatgpt-", StringComparison.Ordinal);

    private static void WriteSampling(Utf8JsonWriter json, string model, ChatOptions options, CompatSection compat)
    {
        if (compat.SupportsTemperature ?? OpenAIModel.Parse(model).TakesSampling((options as ModelOptions)?.ReasoningEffort))
        {
            json.WriteOptional("temperature"u8, options.Temperature);
            json.WriteOptional("top_p"u8, options.TopP);
        }

        json.WriteOptional("max_output_tokens"u8, options.MaxOutputTokens);
        json.WriteOptional("user"u8, ModelJson.Property(options.AdditionalProperties, ModelProperties.User));
        if (options is not ModelOptions more)
        {
            return;
        }

        json.WriteOptional("service_tier"u8, more.ServiceTier);
        json.WriteOptional("prompt_cache_key"u8, more.PromptCacheKey);
        json.WriteOptional("safety_identifier"u8, more.SafetyIdentifier);
        ResponsesFields.WriteReasoning(json, more, compat.SupportsReasoningEffort == false ? null : more.ReasoningEffort);
    }

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options, CompatSection compat)
    {
        var some = json.WriteTools(options, (writer, function) =>
        {
            writer.WriteString("type"u8, "function"u8);
            writer.WriteNameOf(function);
            var asked = compat.SupportsStrictMode != false && function is FunctionTool { Strict: true };
            var (schema, strict) = StrictSchema.Fit(ToolSchema.Complete(function.JsonSchema), asked, isChecked: true);
            writer.WritePropertyName("parameters"u8);
            schema.WriteTo(writer);
            writer.WriteBoolean("strict"u8, strict ?? false); // in this API, absent means true
        });
        if (some)
        {
            json.WriteOpenAIToolChoice(options, nested: false);
        }
    }

    private static void WriteText(Utf8JsonWriter json, ChatOptions options, CompatSection compat)
    {
        var more = options as ModelOptions;
        var format = options.ResponseFormat as ChatResponseFormatJson;
        if (format is null && more?.Verbosity is null)
        {
            return;
        }

        json.WriteStartObject("text"u8);
        json.WriteOptional("verbosity"u8, more?.Verbosity);
        if (format is not null)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, format.Schema is null ? "json_object"u8 : "json_schema"u8);
            if (format.Schema is { } schema)
            {
                (schema, var strict) = StrictSchema.Fit(schema, compat.SupportsStrictMode != false && more?.StrictSchema == true, true);
                json.WriteString("name"u8, format.SchemaName ?? "answer");
                json.WriteOptional("description"u8, format.SchemaDescription);
                json.WritePropertyName("schema"u8);
                schema.WriteTo(json);
                json.WriteBoolean("strict"u8, strict ?? false);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
