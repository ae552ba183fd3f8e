using static OpenClaw.Models.Upstream.UpstreamErrorClass;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// The codes and wordings of providers' errors, and what they mean. The first row that matches decides, then the status does. All rows
/// count for every provider, because a proxy passes on the errors of the provider behind it. A row is as narrow as its reports allow:
/// <c>UpstreamErrorTableTests</c> has a real error for each, and similar errors that must not match.
/// </summary>
internal static partial class UpstreamErrorTable
{
    public static IReadOnlyList<UpstreamErrorRow> Rows { get; } =
    [
        .. TooLarge, .. Overflow, .. NotWhatItSeems, .. NoMoney, .. Filtered, .. NoCapacity, .. NoModel, .. NoAccess, .. Passing,
    ];

    /// <param name="status">The HTTP status; for an error inside an answer, the status that the error names, else 0.</param>
    public static UpstreamErrorRow? Find(UpstreamError error, int status) => Rows.FirstOrDefault(row => row.Matches(error, status));

    /// <summary>What the status means when no row matches; null: it is no status of an error.</summary>
    public static UpstreamErrorClass? OfStatus(int status, UpstreamError error) => status switch
    {
        401 => BadKey,
        402 => Quota,
        403 => Permission,
        404 => error.Message is null && error.Code is null ? NoSuchPath : ModelGone,
        408 or 504 or 524 => TimedOut,
        410 => ModelGone,
        413 => RequestTooLarge,
        429 => RateLimit,
        498 or 529 => Overloaded, // Groq "flex tier capacity exceeded"; Anthropic "overloaded_error"
        >= 400 and < 500 => BadRequest,
        >= 500 and < 600 => ServerError,
        _ => null,
    };

    private static UpstreamErrorRow[] TooLarge =>
    [
        Says(RequestTooLarge, "groq, openai: elizaOS/eliza#4040, cline/cline#4971", "Request too large for", "tokens per"),
        Says(RequestTooLarge, "anthropic: anthropics/claude-code#29584, #64982", "required for long context requests"),
        Of(RequestTooLarge, "anthropic: docs, Errors", "request_too_large"),
    ];

    private static UpstreamErrorRow[] Overflow =>
    [
        Of(ContextOverflow, "openai: docs, Error codes", "context_length_exceeded"),
        Of(ContextOverflow, "llama.cpp: openclaw/openclaw#64180, can1357/oh-my-pi#3752", "exceed_context_size_error"),
        Of(ContextOverflow, "xai: UKGovernmentBEIS/inspect_ai#5208", "input_too_large"),
        Of(ContextOverflow, "zhipu: docs.bigmodel.cn, Error codes (Prompt too long)", "1261", isWithoutType: true),
        Says(ContextOverflow, "xai: UKGovernmentBEIS/inspect_ai#5208", "[input_too_large]"),
        Says(ContextOverflow, "openai and copies: vllm-project/vllm#20409, cline/cline#13194", "maximum context length"),
        Says(ContextOverflow, "openai responses: docs, Error codes", "exceeds the context window"),
        Says(ContextOverflow, "omlx: ValueCell-ai/ClawX#658", "exceeds max context window"),
        Says(ContextOverflow, "anthropic: anthropics/claude-code#11281", "prompt is too long"),
        Says(ContextOverflow, "anthropic: continuedev/continue#6136", "exceed context limit"),
        Says(ContextOverflow, "bedrock, vertex behind proxies: AWS docs, InvokeModel", "input is too long for requested model"),
        Says(ContextOverflow, "gemini: google-gemini/gemini-cli#4231, #6678", "input token count", "exceeds the maximum number of tokens"),
        Says(ContextOverflow, "moonshot: MoonshotAI/kimi-cli#2011", "exceeded model token limit"),
        Says(ContextOverflow, "moonshot: MoonshotAI/MoonshotAI-Cookbook#18", "model max length exceeded"),
        Says(ContextOverflow, "zhipu: docs.z.ai, Error codes", "Prompt exceeds max length"),
        Says(ContextOverflow, "dashscope: QwenLM/qwen-code#98, zed-industries/zed#50729", "Range of input length should be"),
        Says(ContextOverflow, "xai: cline/cline#3120", "maximum prompt length is"),
        Says(ContextOverflow, "together, tgi: huggingface/chat-ui#327", "tokens + `max_new_tokens` must be"),
        Says(ContextOverflow, "groq: console docs, Errors", "reduce the length of the messages or completion"),
        Says(ContextOverflow, "llama.cpp: openclaw/openclaw#64180", "exceeds the available context size"),
        Says(ContextOverflow, "ollama: dyad-sh/dyad#3498", "exceeded max context length"),
        Says(ContextOverflow, "ollama: ITSpecialist111/ai_automation_suggester#37, ollama/ollama#2208", "exceeds context length"),
        Says(ContextOverflow, "ollama: api/embed", "exceeds the context length"),
        Says(ContextOverflow, "lm studio: lmstudio-bug-tracker#2205", "greater than the context length"),
        Says(ContextOverflow, "lm studio: lmstudio-bug-tracker#237, #546", "when context the overflows"),
        Says(ContextOverflow, "lm studio: anomalyco/opencode#11141", "Cannot truncate prompt with n_keep"),
        Says(ContextOverflow, "lm studio: 0.4 server log", "Context size has been exceeded"),
        Says(ContextOverflow, "litellm: OpenHands/OpenHands#5350", "ContextWindowExceededError"),
    ];

    /// <summary>Errors that speak of one class and are of another.</summary>
    private static UpstreamErrorRow[] NotWhatItSeems =>
    [
        Says(BadRequest, "openrouter: docs, Provider routing (a parameter, not the model)", "No endpoints found that support"),
        Says(Permission, "openrouter: docs, Privacy", "No endpoints found matching your data policy"),
        Says(Quota, "gemini: ai.google.dev, Rate limits; UKGovernmentBEIS/inspect_ai#3215", "exceeded your current quota", "limit: 0"),
        Says(Quota, "gemini: ai.google.dev, Rate limits (a day's requests)", "exceeded your current quota", "PerDay"),
        Of(RateLimit, "gemini: ai.google.dev, Troubleshooting (a minute's requests, in the words of a quota)", "RESOURCE_EXHAUSTED"),
        Says(RateLimit, "dashscope: Model Studio, Error codes (tokens of a minute)", "Allocated quota exceeded"),
        Says(RateLimit, "openrouter: cline/cline#5301 (invites to add credits)", "Rate limit exceeded: free-models-per"),
    ];

    private static UpstreamErrorRow[] NoMoney =>
    [
        Of(Quota, "openai: docs, Error codes; chatanywhere/GPT_API_free#229", "insufficient_quota"),
        Of(Quota, "openai: docs, Error codes", "billing_hard_limit_reached"),
        Of(Quota, "openai: docs, Error codes", "billing_not_active"),
        Of(Quota, "openai: earendil-works/pi#4172", "usage_limit_reached"),
        Of(Quota, "compatible servers: docs of api gateways", "quota_exceeded"),
        Of(Quota, "moonshot: openclaw/openclaw#31786, MoonshotAI/Kimi-K2#5", "exceeded_current_quota_error"),
        Of(Quota, "anthropic: docs, Errors", "billing_error"),
        Of(Quota, "new-api: doc.tokendog.io, Error codes", "insufficient_user_quota"),
        Of(Quota, "litellm: docs, Budgets; OWASP/OpenCRE#1102", "budget_exceeded"),
        Of(Quota, "together: expectedparrot/edsl#2098", "credit_limit"),
        Of(Quota, "dashscope: tencentmusic/supersonic#1572", "Arrearage"),
        Of(Quota, "dashscope: Model Studio, Error codes", "AllocationQuota.FreeTierOnly"),
        Of(Quota, "opencode zen: TiaraBasori/OpenCode2API#5", "CreditsError"),
        Of(Quota, "zhipu: zai-org/GLM-5#148, langgenius/dify#5850", "1113", isWithoutType: true),
        Of(Quota, "zhipu: dirge-code/dirge#818 (hours of a plan)", "1308", isWithoutType: true),
        Of(Quota, "zhipu: docs.z.ai, Error codes (plan expired)", "1309", isWithoutType: true),
        Of(Quota, "zhipu: docs.z.ai, Error codes (week or month of a plan)", "1310", isWithoutType: true),
        Says(Quota, "anthropic: docs, Errors", "credit balance is too low"),
        Says(Quota, "anthropic: anthropics/claude-code#38035", "reached your specified API usage limits"),
        Says(Quota, "openai and copies: ChatGPTNextWeb/NextChat#3664", "exceeded your current quota"),
        Says(Quota, "moonshot: MoonshotAI/Kimi-K2#5", "exceeded current quota"),
        Says(Quota, "deepseek, zhipu: 666ghj/BettaFish#286, zai-org/GLM-5#148", "Insufficient balance"),
        Says(Quota, "siliconflow: FoundationAgents/OpenManus#438", "balance is insufficient"),
        Says(Quota, "zhipu: continuedev/continue#11823", "余额不足"),
        Says(Quota, "zhipu: langgenius/dify#5850", "已欠费"),
        Says(Quota, "openrouter: Alishahryar1/free-claude-code#772", "Insufficient credits"),
        Says(Quota, "openrouter: continuedev/continue#11154", "requires more credits"),
        Says(Quota, "openrouter: tailcallhq/forgecode#571", "More credits are required"),
        Says(Quota, "openrouter: docs, Limits", "Key limit exceeded"),
        Says(Quota, "xai: continuedev/continue#10373", "used all available credits"),
        Says(Quota, "xai: continuedev/continue#12670, griptape-ai/griptape-nodes-engine#1079", "doesn't have any credits"),
        Says(Quota, "xai: Wei-Shaw/sub2api#4069", "run out of credits"),
        Says(Quota, "together: expectedparrot/edsl#2098", "Credit limit exceeded"),
        Says(Quota, "ollama: continuedev/continue#11444, #10579", "have reached your", "usage limit"),
        Says(Quota, "ollama: continuedev/continue#13195", "subscription payment is past due"),
        Says(Quota, "litellm: BerriAI/litellm#22726", "Budget has been exceeded"),
        Says(Quota, "litellm: BerriAI/litellm#14144", "crossed budget"),
        Says(Quota, "litellm: OWASP/OpenCRE#1102", "ExceededBudget"),
        Says(Quota, "zhipu: continuedev/continue#13195", "Usage limit reached for"),
    ];
}
