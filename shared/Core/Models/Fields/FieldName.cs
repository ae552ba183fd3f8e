namespace OpenClaw.Models.Fields;

/// <summary>The fields that some provider APIs have and others do not. The names are those of OpenAI's chat completions where it has the
/// field, else those of the API that has it. <c>docs/request-fields.md</c> says what becomes of each.</summary>
public static class FieldName
{
    public const string AccessPrograms = "access_programs";
    public const string CacheControl = "cache_control";
    public const string FrequencyPenalty = "frequency_penalty";
    public const string ImagePolicy = "image";
    public const string InferenceGeo = "inference_geo";
    public const string LogitBias = "logit_bias";
    public const string Logprobs = "logprobs";
    public const string Prediction = "prediction";
    public const string PresencePenalty = "presence_penalty";
    public const string Prompt = "prompt";
    public const string PromptCacheOptions = "prompt_cache_options";
    public const string PromptCacheRetention = "prompt_cache_retention";
    public const string ReasoningContext = "reasoning.context";
    public const string ReasoningMode = "reasoning.mode";
    public const string Seed = "seed";
    public const string ServiceTier = "service_tier";
    public const string Speed = "speed";
    public const string Stop = "stop";
    public const string Temperature = "temperature";
    public const string TopK = "top_k";
    public const string TopP = "top_p";
    public const string Truncation = "truncation";
    public const string Verbosity = "verbosity";
}
