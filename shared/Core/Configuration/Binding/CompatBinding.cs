namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>compat</c> section of a provider or of a model.</summary>
internal static class CompatBinding
{
    public static CompatSection Read(SectionReader reader) => new()
    {
        SupportsDeveloperRole = reader.OptionalFlag("supportsDeveloperRole"),
        SupportsUsageInStreaming = reader.OptionalFlag("supportsUsageInStreaming"),
        SupportsReasoningEffort = reader.OptionalFlag("supportsReasoningEffort"),
        SupportsTemperature = reader.OptionalFlag("supportsTemperature"),
        SupportsStrictMode = reader.OptionalFlag("supportsStrictMode"),
        SupportsTools = reader.OptionalFlag("supportsTools"),
        MaxTokensField = reader.Choice("maxTokensField", "max_tokens", "max_completion_tokens"),
        ReasoningField = reader.Choice("reasoningField", "reasoning_content", "reasoning", "none"),
        RequiresReasoningContentOnAssistantMessages = reader.OptionalFlag("requiresReasoningContentOnAssistantMessages"),
        RequiresToolResultName = reader.OptionalFlag("requiresToolResultName"),
        RequiresAssistantAfterToolResult = reader.OptionalFlag("requiresAssistantAfterToolResult"),
        RequiresMistralToolIds = reader.OptionalFlag("requiresMistralToolIds"),
        RequiresAlternatingRoles = reader.OptionalFlag("requiresAlternatingRoles"),
    };
}
