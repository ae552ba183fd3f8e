namespace OpenClaw.Configuration;

/// <summary>
/// What the servers of a provider accept and require. Null leaves it to what the gateway knows of API, host and model. The names are
/// the original's, except <see cref="ReasoningField"/> and <see cref="RequiresAlternatingRoles"/>, which it does not have.
/// </summary>
public sealed record CompatSection
{
    /// <summary>Takes messages of the role <c>developer</c>.</summary>
    public bool? SupportsDeveloperRole { get; init; }

    /// <summary>Takes <c>stream_options.include_usage</c>.</summary>
    public bool? SupportsUsageInStreaming { get; init; }

    /// <summary>Takes <c>reasoning_effort</c>.</summary>
    public bool? SupportsReasoningEffort { get; init; }

    /// <summary>Takes <c>temperature</c>, <c>top_p</c> and the penalties.</summary>
    public bool? SupportsTemperature { get; init; }

    /// <summary>Takes <c>strict</c> on tools and on a JSON schema.</summary>
    public bool? SupportsStrictMode { get; init; }

    /// <summary>Can call tools. Where it cannot, runs offer it none of the gateway's.</summary>
    public bool? SupportsTools { get; init; }

    /// <summary><c>max_tokens</c> or <c>max_completion_tokens</c>.</summary>
    public string? MaxTokensField { get; init; }

    /// <summary>The field of assistant messages in which reasoning is given back: <c>reasoning_content</c>, <c>reasoning</c> or
    /// <c>none</c>.</summary>
    public string? ReasoningField { get; init; }

    /// <summary>Refuses assistant messages without reasoning, so that those of other models need a blank one.</summary>
    public bool? RequiresReasoningContentOnAssistantMessages { get; init; }

    /// <summary>Needs the tool's name on each result.</summary>
    public bool? RequiresToolResultName { get; init; }

    /// <summary>Needs an assistant message between results and the next user message.</summary>
    public bool? RequiresAssistantAfterToolResult { get; init; }

    /// <summary>Takes only call ids of nine letters and digits.</summary>
    public bool? RequiresMistralToolIds { get; init; }

    /// <summary>Needs a user message first, then assistant and user in turns.</summary>
    public bool? RequiresAlternatingRoles { get; init; }

    /// <summary>These settings, and those of <paramref name="below"/> where they say nothing.</summary>
    public CompatSection Over(CompatSection below) => new()
    {
        SupportsDeveloperRole = SupportsDeveloperRole ?? below.SupportsDeveloperRole,
        SupportsUsageInStreaming = SupportsUsageInStreaming ?? below.SupportsUsageInStreaming,
        SupportsReasoningEffort = SupportsReasoningEffort ?? below.SupportsReasoningEffort,
        SupportsTemperature = SupportsTemperature ?? below.SupportsTemperature,
        SupportsStrictMode = SupportsStrictMode ?? below.SupportsStrictMode,
        SupportsTools = SupportsTools ?? below.SupportsTools,
        MaxTokensField = MaxTokensField ?? below.MaxTokensField,
        ReasoningField = ReasoningField ?? below.ReasoningField,
        RequiresReasoningContentOnAssistantMessages =
            RequiresReasoningContentOnAssistantMessages ?? below.RequiresReasoningContentOnAssistantMessages,
        RequiresToolResultName = RequiresToolResultName ?? below.RequiresToolResultName,
        RequiresAssistantAfterToolResult = RequiresAssistantAfterToolResult ?? below.RequiresAssistantAfterToolResult,
        RequiresMistralToolIds = RequiresMistralToolIds ?? below.RequiresMistralToolIds,
        RequiresAlternatingRoles = RequiresAlternatingRoles ?? below.RequiresAlternatingRoles,
    };
}
