using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Messages;

/// <summary>The whole answer; in a stream its beginning. Source: Claude API reference, "Create a Message".</summary>
internal sealed record Message
{
    /// <summary><c>msg_</c> and 24 base62 characters.</summary>
    public required string Id { get; init; }

    public string Type { get; init; } = "message";

    public string Role { get; init; } = "assistant";

    /// <summary>As the caller sent it.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<ContentBlock> Content { get; init; }

    /// <summary><c>end_turn</c>, <c>max_tokens</c>, <c>stop_sequence</c>, <c>tool_use</c> or <c>refusal</c>; null while the answer is not
    /// complete.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopReason { get; init; }

    /// <summary>Which of the caller's sequences, where the provider names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopSequence { get; init; }

    public required MessageUsage Usage { get; init; }
}

/// <summary>One block of an answer's content.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextBlock), "text")]
[JsonDerivedType(typeof(ToolUseBlock), "tool_use")]
[JsonDerivedType(typeof(ThinkingBlock), "thinking")]
[JsonDerivedType(typeof(RedactedThinkingBlock), "redacted_thinking")]
internal abstract record ContentBlock;

internal sealed record TextBlock(string Text) : ContentBlock;

/// <summary>A call of one of the caller's tools.</summary>
/// <param name="Input">An object; empty in the event that begins the block.</param>
internal sealed record ToolUseBlock(string Id, string Name, JsonElement Input) : ContentBlock
{
    /// <summary>What a provider attached to the call, for the caller to send back with it. Not Anthropic's.</summary>
    public JsonElement? ExtraContent { get; init; }

    /// <inheritdoc cref="ExtraContent"/>
    public JsonElement? ProviderSpecificFields { get; init; }
}

/// <param name="Signature">Opaque; empty where the provider gives none.</param>
internal sealed record ThinkingBlock(string Thinking, string Signature) : ContentBlock;

/// <summary>Reasoning without readable text.</summary>
/// <param name="Data">Opaque.</param>
internal sealed record RedactedThinkingBlock(string Data) : ContentBlock;

/// <param name="InputTokens">Without those read from and written to the provider's cache.</param>
internal sealed record MessageUsage(long InputTokens, long CacheCreationInputTokens, long CacheReadInputTokens, long OutputTokens)
{
    public static MessageUsage None { get; } = new(0, 0, 0, 0);
}

/// <summary>Answer of <c>POST /v1/messages/count_tokens</c>.</summary>
internal sealed record MessageTokenCount(long InputTokens);
