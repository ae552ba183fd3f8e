using OpenClaw.Configuration;

namespace OpenClaw.Models.Completions;

/// <summary>
/// What one model behind <c>/chat/completions</c> accepts and requires. Servers that call themselves compatible differ in fields that
/// they refuse. Known by host and by family of the model; <see cref="CompatSection"/> comes first.
/// Sources: the references of OpenAI, Azure OpenAI, DeepSeek ("Thinking mode"), Moonshot, Mistral, Groq, Cerebras and Gemini ("Thought
/// signatures"), and public reports of their refusals.
/// </summary>
internal sealed record CompletionsDialect
{
    /// <summary>OpenAI itself, or Azure's copy of it: refuses unknown fields of messages.</summary>
    public bool IsOpenAI { get; private init; }

    /// <summary>The id of the provider, as in the origin of items.</summary>
    public required string ProviderId { get; init; }

    /// <summary>Gemini 3 at Google: refuses a call without a thought signature.</summary>
    public bool NeedsThoughtSignatures { get; private init; }

    public bool HasDeveloperRole { get; private init; }

    public bool HasStreamOptions { get; private init; }

    public bool HasReasoningEffort { get; private init; }

    /// <summary>Takes temperature, top_p and the penalties; null asks the model.</summary>
    public bool? HasSampling { get; private init; }

    public bool HasStrictMode { get; private init; }

    /// <summary>Takes <c>top_k</c>.</summary>
    public bool HasTopK => !IsOpenAI;

    public required string MaxTokensField { get; init; }

    /// <summary>The field for reasoning in assistant messages when the provider's own name is not known; null when it takes
    /// none.</summary>
    public string? ReasoningField { get; private init; }

    /// <summary>The field is the only one that is looked at; otherwise the name that the provider used itself comes first.</summary>
    public bool IsReasoningFieldFixed { get; private init; }

    /// <summary>Refuses assistant messages without reasoning.</summary>
    public bool NeedsReasoning { get; private init; }

    public bool NeedsToolResultName { get; private init; }

    public bool NeedsAssistantAfterToolResult { get; private init; }

    /// <summary>Needs a user message first, then assistant and user in turns.</summary>
    public bool NeedsTurns { get; private init; }

    public bool HasMistralIds { get; private init; }

    public OpenAIModel Model { get; private init; }

    /// <summary>Refuses a strict schema with optional properties or open objects.</summary>
    public bool ChecksStrictSchemas { get; private init; }

    /// <summary>The ids of calls in one request.</summary>
    public CallIds CreateIds() => HasMistralIds ? new CallIds(9, isFixed: true) : new CallIds(IsOpenAI ? 40 : int.MaxValue);

    /// <param name="host">Of the base URL.</param>
    /// <param name="isAzure">Azure OpenAI, where a model id is the name of a deployment.</param>
    public static CompletionsDialect Of(string providerId, string host, bool isAzure, string model, CompatSection compat)
    {
        var isOpenAI = isAzure || host == "api.openai.com" || Is(host, "openai.azure.com");
        var isGoogle = Is(host, "googleapis.com");
        var isMistral = Is(host, "mistral.ai");
        var (openAI, family) = (OpenAIModel.Parse(model), ModelFamily.Of(model));
        var known = isMistral ? ChatReasoning.Parts
            : Is(host, "groq.com") || Is(host, "cerebras.ai") || Is(host, "openrouter.ai") ? "reasoning"
            : null;
        var field = isOpenAI || isGoogle ? null : known ?? ChatReasoning.DefaultField;
        var needsReasoning = compat.RequiresReasoningContentOnAssistantMessages
            ?? (Is(host, "deepseek.com") || (family == "kimi" && (Is(host, "moonshot.ai") || Is(host, "moonshot.cn"))));
        return new CompletionsDialect
        {
            IsOpenAI = isOpenAI,
            ProviderId = providerId,
            NeedsThoughtSignatures = isGoogle && ThinksInSignatures(model),
            HasDeveloperRole = compat.SupportsDeveloperRole ?? isOpenAI,
            HasStreamOptions = compat.SupportsUsageInStreaming ?? true,
            HasReasoningEffort = compat.SupportsReasoningEffort ?? true,
            HasSampling = compat.SupportsTemperature,
            HasStrictMode = compat.SupportsStrictMode ?? true,
            MaxTokensField = compat.MaxTokensField
                ?? (isOpenAI || openAI.NeedsMaxCompletionTokens ? "max_completion_tokens" : "max_tokens"),
            ReasoningField = compat.ReasoningField is { } configured ? configured == "none" ? null : configured : field,
            IsReasoningFieldFixed = compat.ReasoningField is not null || needsReasoning || known is not null,
            NeedsReasoning = needsReasoning,
            NeedsToolResultName = compat.RequiresToolResultName ?? false,
            NeedsAssistantAfterToolResult = compat.RequiresAssistantAfterToolResult ?? false,
            NeedsTurns = compat.RequiresAlternatingRoles
                ?? (isMistral || isGoogle || family is "gemma" or "mistral" or "ministral" or "magistral" or "mixtral"),
            HasMistralIds = compat.RequiresMistralToolIds ?? isMistral,
            ChecksStrictSchemas = isOpenAI || openAI.Reasons || family == "gpt",
            Model = openAI,
        };
    }

    // gemini-3-pro-preview, google/gemini-3.1-flash, gemini-flash-latest; not gemini-2.5-pro.
    private static bool ThinksInSignatures(string model) =>
        model.Contains("gemini", StringComparison.Ordinal)
        && !model.Contains("gemini-1", StringComparison.Ordinal) && !model.Contains("gemini-2", StringComparison.Ordinal);

    private static bool Is(string host, string domain) =>
        host == domain || (host.EndsWith(domain, StringComparison.Ordinal) && host[^(domain.Length + 1)] == '.');
}
