using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>Body of <c>POST /v1/responses</c>. Null is the same as absent; unknown fields are ignored: SDKs add new ones.
/// Sources: OpenAI API reference, Responses; OpenResponses 2026-04-24.</summary>
public sealed record CreateResponseRequest
{
    public string? Model { get; init; }

    /// <summary>A string or an array of items; read by <see cref="InputTranslation"/>.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>Goes into the system prompt of this run; not inherited by later responses.</summary>
    public string? Instructions { get; init; }

    public string? PreviousResponseId { get; init; }

    /// <summary>Not supported; refused with a hint.</summary>
    public JsonElement? Conversation { get; init; }

    /// <summary>Objects, flat or nested, and names of server tools.</summary>
    public IReadOnlyList<JsonElement>? Tools { get; init; }

    public JsonElement? ToolChoice { get; init; }

    /// <summary>Up to 16 pairs; keys up to 64 characters, values up to 512.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public ResponseTextInput? Text { get; init; }

    /// <summary>0 to 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    public bool? ParallelToolCalls { get; init; }

    public bool? Stream { get; init; }

    public bool? Background { get; init; }

    /// <summary>At least 16.</summary>
    [JsonConverter(typeof(WholeNumberConverter))]
    public int? MaxOutputTokens { get; init; }

    /// <summary>At least 1; calls beyond it are dropped.</summary>
    [JsonConverter(typeof(WholeNumberConverter))]
    public int? MaxToolCalls { get; init; }

    public ResponseReasoningInput? Reasoning { get; init; }

    /// <summary>Up to 64 characters.</summary>
    public string? SafetyIdentifier { get; init; }

    /// <summary>Up to 64 characters.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary><c>auto</c> or <c>disabled</c>.</summary>
    public string? Truncation { get; init; }

    /// <summary>Whether the response can be retrieved and continued; true unless said otherwise.</summary>
    public bool? Store { get; init; }

    public string? ServiceTier { get; init; }

    /// <summary>0 to 20.</summary>
    [JsonConverter(typeof(WholeNumberConverter))]
    public int? TopLogprobs { get; init; }

    public IReadOnlyList<string>? Include { get; init; }

    /// <summary>A template that the provider keeps.</summary>
    public JsonElement? Prompt { get; init; }

    public JsonElement? PromptCacheOptions { get; init; }

    public JsonElement? PromptCacheRetention { get; init; }

    public JsonElement? AccessPrograms { get; init; }

    /// <summary>How the provider treats images in the context.</summary>
    public JsonElement? Image { get; init; }

    public ResponseStreamOptions? StreamOptions { get; init; }

    /// <summary>Refused, as is <see cref="Moderation"/>.</summary>
    public JsonElement? ContextManagement { get; init; }

    public JsonElement? Moderation { get; init; }

    /// <summary>End user; gives a stable session.</summary>
    public string? User { get; init; }

    /// <summary>Unknown fields, which the answer names.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

public sealed record ResponseStreamOptions
{
    /// <summary>Refused when true.</summary>
    public bool? IncludeObfuscation { get; init; }
}

public sealed record ResponseTextInput
{
    public ResponseFormat? Format { get; init; }

    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public string? Verbosity { get; init; }
}

public sealed record ResponseReasoningInput
{
    /// <summary><c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c> or <c>max</c>.</summary>
    public string? Effort { get; init; }

    /// <summary><c>auto</c>, <c>concise</c> or <c>detailed</c>.</summary>
    public string? Summary { get; init; }

    /// <summary>Older name of <see cref="Summary"/>, which wins.</summary>
    public string? GenerateSummary { get; init; }

    /// <summary><c>auto</c>, <c>current_turn</c> or <c>all_turns</c>.</summary>
    public JsonElement? Context { get; init; }

    /// <summary><c>standard</c> or <c>pro</c>.</summary>
    public JsonElement? Mode { get; init; }

    /// <summary>The summary asked for, under either name.</summary>
    public string? SummaryKind => Summary ?? GenerateSummary;
}
