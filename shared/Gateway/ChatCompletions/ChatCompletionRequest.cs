using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Gateway.Wire;
using OpenClaw.Text;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>Body of <c>POST /v1/chat/completions</c>. Unknown fields are ignored: SDKs add new ones. <c>store</c> and <c>metadata</c> are
/// for OpenAI's lists of stored completions and are not read. Source: OpenAI API reference, chat completions.</summary>
internal sealed record ChatCompletionRequest
{
    public string? Model { get; init; }

    public IReadOnlyList<ChatMessageInput>? Messages { get; init; }

    public bool? Stream { get; init; }

    public ChatStreamOptions? StreamOptions { get; init; }

    /// <summary>End user; gives a stable session.</summary>
    public string? User { get; init; }

    /// <summary>0 to 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    public long? Seed { get; init; }

    /// <summary>Not in OpenAI's reference; compatible servers and Anthropic take it.</summary>
    [JsonConverter(typeof(WholeNumberConverter))]
    public int? TopK { get; init; }

    /// <summary>Whether the answer has the log probability of each token.</summary>
    public bool? Logprobs { get; init; }

    /// <summary>0 to 20, beside <see cref="Logprobs"/>.</summary>
    [JsonConverter(typeof(WholeNumberConverter))]
    public int? TopLogprobs { get; init; }

    /// <summary>Token ids with numbers from -100 to 100.</summary>
    public JsonElement? LogitBias { get; init; }

    /// <summary>Text that the answer is likely to repeat.</summary>
    public JsonElement? Prediction { get; init; }

    /// <summary>Only <c>text</c>.</summary>
    public IReadOnlyList<string?>? Modalities { get; init; }

    /// <summary>Refused, as are <see cref="Moderation"/> and <see cref="WebSearchOptions"/>.</summary>
    public JsonElement? Audio { get; init; }

    public JsonElement? Moderation { get; init; }

    public JsonElement? WebSearchOptions { get; init; }

    public JsonElement? PromptCacheOptions { get; init; }

    public JsonElement? PromptCacheRetention { get; init; }

    /// <summary>Up to four sequences.</summary>
    [JsonConverter(typeof(TextsConverter))]
    public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>Older name; <see cref="MaxCompletionTokens"/> wins.</summary>
    [JsonConverter(typeof(WholeNumberConverter))]
    public int? MaxTokens { get; init; }

    [JsonConverter(typeof(WholeNumberConverter))]
    public int? MaxCompletionTokens { get; init; }

    /// <summary>Only 1.</summary>
    [JsonConverter(typeof(WholeNumberConverter))]
    public int? N { get; init; }

    public IReadOnlyList<ChatTool?>? Tools { get; init; }

    /// <summary><c>none</c>, <c>auto</c>, <c>required</c>, a pinned function (nested or flat) or <c>allowed_tools</c>.</summary>
    public JsonElement? ToolChoice { get; init; }

    /// <summary>The form of <see cref="Tools"/> before there were other tools than functions.</summary>
    public IReadOnlyList<ChatFunction?>? Functions { get; init; }

    /// <summary><c>none</c>, <c>auto</c> or an object with a <c>name</c>, beside <see cref="Functions"/>.</summary>
    public JsonElement? FunctionCall { get; init; }

    public bool? ParallelToolCalls { get; init; }

    public ChatResponseFormatInput? ResponseFormat { get; init; }

    public string? ReasoningEffort { get; init; }

    public string? Verbosity { get; init; }

    public string? ServiceTier { get; init; }

    public string? PromptCacheKey { get; init; }

    public string? SafetyIdentifier { get; init; }

    /// <summary>Unknown fields, which the answer names.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

internal sealed record ChatStreamOptions
{
    /// <summary>Adds a last chunk with usage and no choices.</summary>
    public bool? IncludeUsage { get; init; }

    /// <summary>Refused when true.</summary>
    public bool? IncludeObfuscation { get; init; }
}

/// <summary>One message of the conversation.</summary>
internal sealed record ChatMessageInput
{
    /// <summary><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>; <c>function</c> from old clients.</summary>
    public string? Role { get; init; }

    [JsonConverter(typeof(ChatContentConverter))]
    public IReadOnlyList<ChatContentPart>? Content { get; init; }

    public string? Name { get; init; }

    public string? Refusal { get; init; }

    /// <summary>The reasoning of an assistant message, as the caller got it; some providers need it back. Anything but text is
    /// ignored.</summary>
    public JsonElement? ReasoningContent { get; init; }

    /// <summary>Another name of <see cref="ReasoningContent"/>, which wins.</summary>
    public JsonElement? Reasoning { get; init; }

    /// <summary>OpenRouter's structured reasoning.</summary>
    public JsonElement? ReasoningDetails { get; init; }

    public IReadOnlyList<ChatToolCall>? ToolCalls { get; init; }

    /// <summary>The call a <c>tool</c> message answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Audio that an earlier answer had; refused.</summary>
    public JsonElement? Audio { get; init; }

    /// <summary>Older form of one tool call.</summary>
    public ChatFunctionCall? FunctionCall { get; init; }
}

/// <summary>One part of a message's content; a plain string is read as one text part.</summary>
internal sealed record ChatContentPart
{
    /// <summary><c>text</c>, <c>refusal</c>, <c>image_url</c> or <c>file</c>; also what Responses calls them.</summary>
    public string? Type { get; init; }

    public string? Text { get; init; }

    public string? Refusal { get; init; }

    /// <summary>The fields of images and files, read by <see cref="Wire.MediaParts"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }

    /// <summary>One of <see cref="More"/>; null when it is absent or null.</summary>
    public JsonElement? Field(string name) =>
        More is not null && More.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

/// <summary>A tool, nested as in chat or flat as in Responses.</summary>
internal sealed record ChatTool
{
    public string? Type { get; init; }

    public ChatFunction? Function { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public JsonElement? Parameters { get; init; }

    public bool? Strict { get; init; }
}

internal sealed record ChatFunction
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public JsonElement? Parameters { get; init; }

    public bool? Strict { get; init; }
}

internal sealed record ChatResponseFormatInput
{
    /// <summary><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    public string? Type { get; init; }

    public ChatJsonSchema? JsonSchema { get; init; }
}

internal sealed record ChatJsonSchema
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public JsonElement? Schema { get; init; }

    public bool? Strict { get; init; }
}
