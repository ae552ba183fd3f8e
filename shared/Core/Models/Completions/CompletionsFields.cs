using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Fields;

namespace OpenClaw.Models.Completions;

/// <summary>The fields of chat completions that other APIs lack. Source: OpenAI API reference, "Create chat completion".</summary>
internal static class CompletionsFields
{
    private static readonly string[] Passed =
        [FieldName.LogitBias, FieldName.Prediction, FieldName.PromptCacheOptions, FieldName.PromptCacheRetention];

    private static readonly string[] Written =
    [
        FieldName.FrequencyPenalty, FieldName.Logprobs, FieldName.PresencePenalty, FieldName.Seed, FieldName.ServiceTier, FieldName.Stop,
        FieldName.Temperature, FieldName.TopP, FieldName.Verbosity,
    ];

    // OpenAI and its copies cache without the marks of cache_control; the run itself drops what is too long.
    private static readonly string[] WithoutEffect = [FieldName.CacheControl, FieldName.Truncation];

    private static readonly FieldRules OpenAI = new(Passed, Written, WithoutEffect);
    private static readonly FieldRules Compatible = new(Passed, [.. Written, FieldName.TopK], WithoutEffect);

    /// <returns>The options as the model takes them.</returns>
    /// <exception cref="Errors.GatewayException"><c>400 unsupported_parameter</c>.</exception>
    public static ChatOptions? Fit(ChatOptions? options, CompletionsDialect dialect)
    {
        (dialect.HasTopK ? Compatible : OpenAI).Check(options);
        return dialect.HasSampling is null ? OpenAISampling.Fit(options, dialect.Model) : options;
    }

    public static void Write(Utf8JsonWriter json, ChatOptions options)
    {
        OpenAI.WritePassed(json, options);
        if (options is ModelOptions { Logprobs: true } more)
        {
            json.WriteBoolean("logprobs"u8, true);
            json.WriteOptional("top_logprobs"u8, more.TopLogprobs);
        }
    }
}
