using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Messages;

/// <summary>Body of <c>POST /v1/messages</c> and, without <c>max_tokens</c>, of <c>POST /v1/messages/count_tokens</c>. Unknown fields are
/// ignored: clients send beta features. Source: Claude API reference, "Create a Message".</summary>
internal sealed record MessageRequest
{
    public string? Model { get; init; }

    /// <summary>Read by <see cref="MessageTranslation"/>.</summary>
    public JsonElement? Messages { get; init; }

    /// <summary>A string, or text blocks.</summary>
    public JsonElement? System { get; init; }

    [JsonConverter(typeof(WholeNumberConverter))]
    public int? MaxTokens { get; init; }

    public bool? Stream { get; init; }

    /// <summary>0 to 1.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopP { get; init; }

    [JsonConverter(typeof(WholeNumberConverter))]
    public int? TopK { get; init; }

    public IReadOnlyList<string?>? StopSequences { get; init; }

    /// <summary>Read by <see cref="MessageTools"/>.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>An object with <c>type</c> <c>auto</c>, <c>any</c>, <c>tool</c> or <c>none</c>.</summary>
    public JsonElement? ToolChoice { get; init; }

    public ThinkingInput? Thinking { get; init; }

    public OutputConfigInput? OutputConfig { get; init; }

    /// <summary>Older place of <see cref="OutputConfigInput.Format"/>.</summary>
    public OutputFormatInput? OutputFormat { get; init; }

    public MessageMetadata? Metadata { get; init; }

    public string? ServiceTier { get; init; }

    /// <summary>Marks what the provider may cache.</summary>
    public JsonElement? CacheControl { get; init; }

    public JsonElement? InferenceGeo { get; init; }

    /// <summary><c>standard</c> or <c>fast</c>.</summary>
    public JsonElement? Speed { get; init; }

    /// <summary>Accepted when it clears nothing.</summary>
    public JsonElement? ContextManagement { get; init; }

    /// <summary>Refused, as are the fields from here to <see cref="Diagnostics"/>.</summary>
    public JsonElement? Container { get; init; }

    public JsonElement? McpServers { get; init; }

    public JsonElement? Compaction { get; init; }

    public JsonElement? BillingPolicy { get; init; }

    public JsonElement? Fallbacks { get; init; }

    public JsonElement? FallbackCreditToken { get; init; }

    public JsonElement? Diagnostics { get; init; }

    /// <summary>A beta: the provider keeps the conversation, and a request brings only what is new. It is refused: clients then
    /// continue without it. A request that continues a thread would lack its history.</summary>
    public JsonElement? Thread { get; init; }

    /// <summary>Whether the caller asks to see what the model thinks.</summary>
    public bool WantsThinking => Thinking?.Type is "enabled" or "adaptive";

    /// <summary>Unknown fields, which the answer names.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

internal sealed record ThinkingInput
{
    /// <summary><c>enabled</c>, <c>adaptive</c> or <c>disabled</c>.</summary>
    public string? Type { get; init; }

    /// <summary>1024 or more, with <c>enabled</c>.</summary>
    [JsonConverter(typeof(WholeNumberConverter))]
    public int? BudgetTokens { get; init; }

    /// <summary><c>omitted</c> leaves the text out of thinking blocks; they still have a signature.</summary>
    public string? Display { get; init; }
}

internal sealed record OutputConfigInput
{
    /// <summary><c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c> or <c>max</c>.</summary>
    public string? Effort { get; init; }

    public OutputFormatInput? Format { get; init; }

    /// <summary>Refused.</summary>
    public JsonElement? TaskBudget { get; init; }
}

internal sealed record OutputFormatInput
{
    /// <summary><c>json_schema</c>.</summary>
    public string? Type { get; init; }

    public JsonElement? Schema { get; init; }
}

internal sealed record MessageMetadata
{
    /// <summary>An opaque id of the caller's installation or end user. It names no session.</summary>
    public string? UserId { get; init; }
}
