using Microsoft.Extensions.AI;
using OpenClaw.Models.Fields;

namespace OpenClaw.Models.Echo;

/// <summary>The built-in model says the same whatever the sampling; it refuses what would have to show in its answer.</summary>
internal static class EchoFields
{
    private static readonly FieldRules Rules = new(
        passed: [],
        written: [FieldName.Stop],
        withoutEffect:
        [
            FieldName.CacheControl, FieldName.FrequencyPenalty, FieldName.LogitBias, FieldName.Prediction, FieldName.PresencePenalty,
            FieldName.PromptCacheOptions, FieldName.PromptCacheRetention, FieldName.ReasoningContext, FieldName.ReasoningMode,
            FieldName.Seed, FieldName.ServiceTier, FieldName.Speed, FieldName.Temperature, FieldName.TopK, FieldName.TopP,
            FieldName.Truncation, FieldName.Verbosity,
        ]);

    /// <exception cref="Errors.GatewayException"><c>400 unsupported_parameter</c>.</exception>
    public static void Check(ChatOptions? options) => Rules.Check(options);
}
