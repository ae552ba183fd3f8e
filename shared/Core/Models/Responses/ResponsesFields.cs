using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Fields;

namespace OpenClaw.Models.Responses;

/// <summary>The fields of the Responses API that other APIs lack. The penalties are not in OpenAI's reference, but in that of
/// OpenResponses, whose servers take them; OpenAI refuses them itself. Sources: OpenAI API reference, "Create a model response";
/// OpenResponses 2026-04-24.</summary>
internal static class ResponsesFields
{
    private static readonly FieldRules Rules = new(
        passed:
        [
            FieldName.AccessPrograms, FieldName.ImagePolicy, FieldName.Prompt, FieldName.PromptCacheOptions,
            FieldName.PromptCacheRetention, FieldName.Truncation,
        ],
        written:
        [
            FieldName.FrequencyPenalty, FieldName.Logprobs, FieldName.PresencePenalty, FieldName.ReasoningContext, FieldName.ReasoningMode,
            FieldName.ServiceTier, FieldName.Temperature, FieldName.TopP, FieldName.Verbosity,
        ],
        withoutEffect: [FieldName.CacheControl]); // marks what may be cached; OpenAI caches without marks

    /// <param name="takesSampling">As configured; null goes by the model.</param>
    /// <returns>The options as the model takes them.</returns>
    /// <exception cref="Errors.GatewayException"><c>400 unsupported_parameter</c>.</exception>
    public static ChatOptions? Fit(ChatOptions? options, string model, bool? takesSampling)
    {
        Rules.Check(options);
        return takesSampling is null ? OpenAISampling.Fit(options, OpenAIModel.Parse(model)) : options;
    }

    public static void Write(Utf8JsonWriter json, ChatOptions options)
    {
        Rules.WritePassed(json, options);
        WritePenalty(json, "presence_penalty"u8, options.PresencePenalty);
        WritePenalty(json, "frequency_penalty"u8, options.FrequencyPenalty);
        if (options is ModelOptions { Logprobs: true } more)
        {
            json.WriteOptional("top_logprobs"u8, more.TopLogprobs);
        }
    }

    /// <summary>Writes <c>include</c>.</summary>
    /// <param name="reasons">Whether the model reasons. OpenAI refuses encrypted reasoning for models that do not.</param>
    public static void WriteInclude(Utf8JsonWriter json, ChatOptions? options, bool reasons)
    {
        var hasLogprobs = options is ModelOptions { Logprobs: true };
        if (!reasons && !hasLogprobs)
        {
            return;
        }

        json.WriteStartArray("include"u8);
        if (reasons)
        {
            json.WriteStringValue("reasoning.encrypted_content"u8);
        }

        if (hasLogprobs)
        {
            json.WriteStringValue("message.output_text.logprobs"u8);
        }

        json.WriteEndArray();
    }

    /// <param name="effort">Null where the server takes none.</param>
    public static void WriteReasoning(Utf8JsonWriter json, ModelOptions options, string? effort)
    {
        var (context, mode) = (options.AskedValue(FieldName.ReasoningContext), options.AskedValue(FieldName.ReasoningMode));
        if (effort is null && options.ReasoningSummary is null && context is null && mode is null)
        {
            return;
        }

        json.WriteStartObject("reasoning"u8);
        json.WriteOptional("effort"u8, effort);
        json.WriteOptional("summary"u8, options.ReasoningSummary);
        json.WriteOptional("context"u8, context?.GetString());
        json.WriteOptional("mode"u8, mode?.GetString());
        json.WriteEndObject();
    }

    private static void WritePenalty(Utf8JsonWriter json, ReadOnlySpan<byte> name, float? value) =>
        json.WriteOptional(name, value == 0 ? null : value);
}
