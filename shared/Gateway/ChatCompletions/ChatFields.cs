using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Models.Fields;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>The fields of a chat request that not every provider API has, and those that the gateway cannot honour at all. What becomes
/// of each field is in <c>docs/request-fields.md</c>.</summary>
internal static class ChatFields
{
    private const int MaxAlternatives = 20;
    private const int MaxBiases = 1_024;

    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public static IReadOnlyList<AskedField> ToAsked(this ChatCompletionRequest request)
    {
        Refuse(request);
        CheckLogprobs(request);
        CheckBias(request.LogitBias);
        return new FieldList()
            .Add(FieldName.Temperature, request.Temperature is not (null or 1))
            .Add(FieldName.TopP, request.TopP is not (null or 1))
            .Add(FieldName.TopK, request.TopK is not null)
            .Add(FieldName.PresencePenalty, request.PresencePenalty is not (null or 0))
            .Add(FieldName.FrequencyPenalty, request.FrequencyPenalty is not (null or 0))
            .Add(FieldName.Seed, request.Seed is not null)
            .Add(FieldName.Stop, request.Stop is { Count: > 0 })
            .Add(FieldName.Logprobs, request.Logprobs == true)
            .Add(FieldName.LogitBias, request.LogitBias)
            .Add(FieldName.Prediction, request.Prediction)
            .Add(FieldName.Verbosity, request.Verbosity is not (null or "medium"))
            .Add(FieldName.ServiceTier, request.ServiceTier is not (null or "auto"))
            .Add(FieldName.PromptCacheOptions, request.PromptCacheOptions)
            .Add(FieldName.PromptCacheRetention, request.PromptCacheRetention)
            .Fields;
    }

    private static void Refuse(ChatCompletionRequest request)
    {
        if (request.N > 1)
        {
            throw Unsupported("n", "can only be 1: a run has one answer.");
        }

        if (request.Modalities?.Any(m => m != "text") == true)
        {
            throw Unsupported("modalities", "can only be 'text': the gateway returns no audio.");
        }

        Refuse("audio", request.Audio, "is not supported: the gateway returns no audio.");
        Refuse("moderation", request.Moderation, "is not supported: the gateway returns no results of moderation.");
        if (request.WebSearchOptions is { ValueKind: not JsonValueKind.Null }) // an empty object asks for a search
        {
            throw Unsupported("web_search_options", "is not supported: the gateway returns no citations.");
        }

        if (request.StreamOptions?.IncludeObfuscation == true)
        {
            throw Unsupported("stream_options.include_obfuscation", "is not supported: the gateway does not pad its events.");
        }
    }

    private static void Refuse(string param, JsonElement? value, string reason)
    {
        if (value is { } given && !FieldList.IsEmpty(given))
        {
            throw Unsupported(param, reason);
        }
    }

    private static void CheckLogprobs(ChatCompletionRequest request)
    {
        if (request.TopLogprobs is < 0 or > MaxAlternatives)
        {
            throw Invalid("top_logprobs", $"a number from 0 to {MaxAlternatives}.");
        }

        if (request.TopLogprobs is not null && request.Logprobs != true)
        {
            throw Invalid("top_logprobs", "it needs 'logprobs' to be true.");
        }
    }

    private static void CheckBias(JsonElement? bias)
    {
        if (bias is not { ValueKind: not JsonValueKind.Null } map)
        {
            return;
        }

        if (map.ValueKind != JsonValueKind.Object)
        {
            throw new GatewayException(GatewayError.InvalidType("logit_bias", "an object"));
        }

        if (map.GetPropertyCount() > MaxBiases || map.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.Number
            || !p.Value.TryGetDouble(out var value) || value is < -100 or > 100))
        {
            throw Invalid("logit_bias", $"at most {MaxBiases} tokens, each with a number from -100 to 100.");
        }
    }

    private static GatewayException Unsupported(string param, string reason) => new(GatewayError.UnsupportedParameter(param, reason));

    private static GatewayException Invalid(string param, string message) => new(GatewayError.InvalidValue(param, message));
}
