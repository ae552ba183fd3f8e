using static OpenClaw.Models.Upstream.UpstreamErrorClass;

namespace OpenClaw.Models.Upstream;

internal static partial class UpstreamErrorTable
{
    private static UpstreamErrorRow[] Filtered =>
    [
        Of(ContentFilter, "azure openai: compl-ai/compl-ai#20; moonshot: docs, Errors", "content_filter"),
        Of(ContentFilter, "azure openai: microsoft/TinyTroupe#85", "ResponsibleAIPolicyViolation"),
        Of(ContentFilter, "openai: docs, Images", "content_policy_violation"),
        Of(ContentFilter, "dashscope: Model Studio, Error codes", "data_inspection_failed"),
        Of(ContentFilter, "dashscope: Model Studio, Error codes", "DataInspectionFailed"),
        Of(ContentFilter, "zhipu: docs.z.ai, Error codes", "1301", isWithoutType: true),
        Of(ContentFilter, "new-api: doc.tokendog.io, Error codes", "sensitive_words_detected"),
        Of(ContentFilter, "new-api: doc.tokendog.io, Error codes", "prompt_blocked"),
        Of(ContentFilter, "gemini: ai.google.dev, Troubleshooting", "PROHIBITED_CONTENT"),
        Says(ContentFilter, "openai: openai/codex#7250", "flagged as potentially violating"),
        Says(ContentFilter, "azure openai: openai/openai-python#331", "content management policy"),
        Says(ContentFilter, "anthropic: docs, Errors", "Output blocked by content filtering policy"),
        Says(ContentFilter, "deepseek: 666ghj/BettaFish#108, deepseek-ai/DeepSeek-V2#30", "Content Exists Risk"),
        Says(ContentFilter, "dashscope: Model Studio, Error codes", "may contain inappropriate content"),
        Says(ContentFilter, "moonshot: docs, Errors", "considered high risk"),
        Says(ContentFilter, "xai: docs, Errors", "Content violates usage guidelines"),
        Says(ContentFilter, "openrouter: docs, Errors (moderation)", "requires moderation", "flagged"),
        Says(ContentFilter, "cloudflare: AI Gateway, Guardrails (2016, 2017)", "blocked due to security configurations"),
    ];

    private static UpstreamErrorRow[] NoCapacity =>
    [
        Of(Overloaded, "anthropic: docs, Errors", "overloaded_error"),
        Of(Overloaded, "moonshot: MoonshotAI/MoonshotAI-Cookbook#16", "engine_overloaded_error"),
        Of(Overloaded, "openai: docs, Error codes (slow down)", "slow_down"),
        Of(Overloaded, "openai: docs, Error codes", "server_is_overloaded"),
        Of(Overloaded, "azure openai: docs, Error codes", "NoCapacity"),
        Of(Overloaded, "groq: console docs, Flex processing", "capacity_exceeded"),
        Of(Overloaded, "mistral: continuedev/continue#6185", "service_tier_capacity_exceeded"),
        Of(Overloaded, "llama.cpp: server readme (a model is loading)", "unavailable_error"),
        Of(Overloaded, "gemini: ai.google.dev, Troubleshooting", "UNAVAILABLE"),
        Of(Overloaded, "dashscope: Model Studio, Error codes", "ServiceUnavailable"),
        Of(Overloaded, "zhipu: docs.z.ai, Error codes", "1305", isWithoutType: true),
        Of(Overloaded, "zhipu: docs.z.ai, Error codes (one model)", "1312", isWithoutType: true),
        Says(Overloaded, "mistral: continuedev/continue#6185", "capacity exceeded for this model"),
        Says(Overloaded, "openai, gemini: docs, Error codes", "is currently overloaded"),
        Says(Overloaded, "gemini: ai.google.dev, Troubleshooting", "model is overloaded"),
        Says(Overloaded, "together: cline/cline#440", "server is overloaded"),
        Says(Overloaded, "ollama: ollama/ollama#15934", "Server overloaded"),
        Says(Overloaded, "ollama: faq, queued requests", "server busy, please try again"),
    ];

    private static UpstreamErrorRow[] NoModel =>
    [
        Says(NoSuchPath, "openai: docs, Error codes", "Invalid URL ("),
        Says(NoSuchPath, "groq: console docs, Errors", "Unknown request URL"),
        Says(NoSuchPath, "llama.cpp: server readme", "File Not Found"),
        Says(NoSuchPath, "azure openai: docs (path or api-version)", "Resource not found", status: 404),
        Of(ModelGone, "openai, azure, dashscope, new-api: docs, Error codes", "model_not_found"),
        Of(ModelGone, "azure openai: docs, Error codes", "DeploymentNotFound"),
        Of(ModelGone, "anthropic: docs, Errors", "not_found_error"),
        Of(ModelGone, "gemini: ai.google.dev, Troubleshooting", "NOT_FOUND"),
        Of(ModelGone, "moonshot: langgenius/dify#39778", "resource_not_found_error"),
        Of(ModelGone, "groq: console docs, Deprecations", "model_decommissioned"),
        Of(ModelGone, "mistral: docs, Errors", "invalid_model"),
        Of(ModelGone, "together: docs, Error codes", "model_not_available"),
        Of(ModelGone, "zhipu: docs.z.ai, Error codes", "1211", isWithoutType: true),
        Of(ModelGone, "zhipu: docs.z.ai, Error codes (taken offline)", "1221", isWithoutType: true),
        Says(ModelGone, "deepseek: docs, Error codes", "Model Not Exist"),
        Says(ModelGone, "openrouter: docs, Errors", "is not a valid model ID"),
        Says(ModelGone, "openrouter: docs, Provider routing", "No endpoints found for"),
        Says(ModelGone, "openrouter: cline/cline#5449", "No allowed providers are available"),
        Says(ModelGone, "litellm: proxy docs", "Invalid model name passed in"),
        Says(ModelGone, "lm studio: docs, Headless", "No models loaded"),
    ];

    private static UpstreamErrorRow[] NoAccess =>
    [
        Of(BadKey, "openai, dashscope, groq: docs, Error codes", "invalid_api_key"),
        Of(BadKey, "openai: PKU-YuanGroup/WISE#9", "account_deactivated"),
        Of(BadKey, "gemini: continuedev/continue#10748 (status 400)", "API_KEY_INVALID"),
        Of(BadKey, "anthropic, deepseek, llama.cpp: docs, Errors", "authentication_error"),
        Of(BadKey, "moonshot: docs, Errors", "invalid_authentication_error"),
        Of(BadKey, "zhipu: docs.z.ai, Error codes", "1000", isWithoutType: true),
        Of(BadKey, "zhipu: docs.z.ai, Error codes", "1002", isWithoutType: true),
        Says(BadKey, "gemini: continuedev/continue#10290 (status 400)", "API key not valid"),
        Says(BadKey, "xai: docs, Errors (status 400); openai", "Incorrect API key provided"),
        Of(Permission, "azure openai: docs, Managed identity", "PermissionDenied"),
        Of(Permission, "gemini: ai.google.dev, Troubleshooting", "PERMISSION_DENIED"),
        Of(Permission, "anthropic: docs, Errors", "permission_error"),
        Of(Permission, "moonshot: docs, Errors", "permission_denied_error"),
        Of(Permission, "dashscope: Model Studio, Error codes", "access_denied"),
        Of(Permission, "groq: console docs, Model terms (status 400)", "model_terms_required"),
        Of(Permission, "openai: docs, Supported countries", "unsupported_country_region_territory"),
        Of(Permission, "zhipu: docs.z.ai, Error codes (account locked)", "1112", isWithoutType: true),
        Of(Permission, "zhipu: docs.z.ai, Error codes", "1220", isWithoutType: true),
        Says(Permission, "gemini: ai.google.dev, Troubleshooting (status 400)", "User location is not supported"),
    ];

    /// <summary>What passes by itself. In front of the status, for errors inside an answer.</summary>
    private static UpstreamErrorRow[] Passing =>
    [
        Of(RateLimit, "openai, azure, groq: docs, Error codes", "rate_limit_exceeded"),
        Of(RateLimit, "azure openai: docs, Quotas", "RateLimitReached"),
        Of(RateLimit, "anthropic: docs, Errors", "rate_limit_error"),
        Of(RateLimit, "moonshot: harry0703/MoneyPrinterTurbo#339", "rate_limit_reached_error"),
        Of(RateLimit, "mistral: raycast/extensions#31107", "rate_limited"),
        Of(RateLimit, "dashscope: Model Studio, Error codes", "limit_requests"),
        Of(RateLimit, "dashscope: Model Studio, Error codes", "Throttling.RateQuota"),
        Of(RateLimit, "zhipu: docs.z.ai, Error codes (concurrency)", "1302", isWithoutType: true),
        Of(RateLimit, "zhipu: docs.z.ai, Error codes (frequency)", "1303", isWithoutType: true),
        Of(RateLimit, "zhipu: docs.z.ai, Error codes (calls of a day)", "1304", isWithoutType: true),
        Of(RateLimit, "cloudflare: AI Gateway, Rate limiting", "2003", isWithoutType: true),
        Says(RateLimit, "mistral: dnakov/anon-kode#53", "rate limit exceeded"),
        Says(RateLimit, "groq: continuedev/continue#10920", "Rate limit reached for"),
        Says(RateLimit, "openrouter: Aculeasis/openrouter-proxy#1, open-webui/computer#293", "temporarily rate-limited"),
        Says(RateLimit, "cloudflare behind openrouter: BerriAI/litellm#8448", "error code: 1015"),
        Of(TimedOut, "gemini: ai.google.dev, Troubleshooting", "DEADLINE_EXCEEDED"),
        Of(TimedOut, "anthropic: docs, Errors", "timeout_error"),
        Of(TimedOut, "dashscope: Model Studio, Error codes; azure openai", "RequestTimeOut"),
    ];

    private static UpstreamErrorRow Of(UpstreamErrorClass meaning, string source, string code, bool isWithoutType = false) =>
        new(meaning, source) { Code = code, IsWithoutType = isWithoutType };

    private static UpstreamErrorRow Says(
        UpstreamErrorClass meaning, string source, string phrase, string? and = null, int? status = null) =>
        new(meaning, source) { Phrase = phrase, And = and, Status = status };
}
