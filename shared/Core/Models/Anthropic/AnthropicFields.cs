using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Fields;

namespace OpenClaw.Models.Anthropic;

/// <summary>The fields of the Messages API that other APIs lack, and the rules for its sampling. Source: Claude API reference,
/// "Create a Message".</summary>
internal static class AnthropicFields
{
    /// <summary>The least <c>top_p</c> that goes together with thinking.</summary>
    private const float LeastTopPWithThinking = 0.95f;

    private static readonly FieldRules Rules = new(
        passed: [FieldName.CacheControl, FieldName.InferenceGeo, FieldName.Speed],
        written: [FieldName.ServiceTier, FieldName.Stop, FieldName.Temperature, FieldName.TopK, FieldName.TopP],

        // The first two steer the cache of OpenAI, which has no say in the answer; the run itself drops what is too long.
        withoutEffect: [FieldName.PromptCacheOptions, FieldName.PromptCacheRetention, FieldName.Truncation]);

    /// <exception cref="Errors.GatewayException"><c>400 unsupported_parameter</c>.</exception>
    public static void Check(ChatOptions? options)
    {
        Rules.Check(options);
        if (options?.StopSequences?.Any(string.IsNullOrWhiteSpace) == true)
        {
            options.RefuseIfAsked(FieldName.Stop); // the API refuses sequences of white space
        }
    }

    public static void Write(Utf8JsonWriter json, ChatOptions options)
    {
        Rules.WritePassed(json, options);
        switch ((options as ModelOptions)?.ServiceTier)
        {
            case null or "auto":
                break;
            case "default":
                json.WriteString("service_tier"u8, "standard_only"u8);
                break;
            default:
                options.RefuseIfAsked(FieldName.ServiceTier);
                break;
        }
    }

    /// <exception cref="Errors.GatewayException"><c>400 unsupported_parameter</c>: the model samples in its own way, always or while it
    /// thinks.</exception>
    /// <param name="isTaken">As configured: false leaves all of it out; null goes by the model.</param>
    public static void WriteSampling(Utf8JsonWriter json, ClaudeModel claude, ChatOptions options, bool isThinking, bool? isTaken)
    {
        if (isTaken == false)
        {
            return;
        }

        var hasSampling = isTaken ?? claude.HasSampling;
        if (!hasSampling || isThinking)
        {
            options.RefuseIfAsked(FieldName.Temperature);
            options.RefuseIfAsked(FieldName.TopK);
            if (hasSampling && options.TopP >= LeastTopPWithThinking)
            {
                json.WriteOptional("top_p"u8, options.TopP);
            }
            else
            {
                options.RefuseIfAsked(FieldName.TopP);
            }

            return;
        }

        json.WriteOptional("temperature"u8, options.Temperature is { } warm ? Math.Min(warm, 1) : null); // OpenAI's scale goes to 2
        json.WriteOptional("top_k"u8, options.TopK);
        if (options.Temperature is null || claude.TakesTopPWithTemperature)
        {
            json.WriteOptional("top_p"u8, options.TopP);
        }
        else if (options.Asked(FieldName.Temperature) is not null)
        {
            options.RefuseIfAsked(FieldName.TopP); // one of them, not both
        }
    }
}
