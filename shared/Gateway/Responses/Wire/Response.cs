using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>The response resource. Every key is always written, null or not, unless it says otherwise.
/// Sources: OpenAI API reference, response object; OpenResponses, ResponseResource.</summary>
public sealed record Response
{
    /// <summary><c>resp_</c>, the partition it is stored in, and 16 base62 characters.</summary>
    public required string Id { get; init; }

    public string Object { get; init; } = "response";

    /// <summary>Unix seconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Unix seconds; null until completed.</summary>
    public long? CompletedAt { get; init; }

    /// <summary><c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>incomplete</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    public ResponseIncompleteDetails? IncompleteDetails { get; init; }

    /// <summary>The <c>model</c> field as the caller sent it.</summary>
    public required string Model { get; init; }

    public string? PreviousResponseId { get; init; }

    public string? Instructions { get; init; }

    public required IReadOnlyList<ResponseItem> Output { get; init; }

    public ResponseError? Error { get; init; }

    public required IReadOnlyList<ResponseTool> Tools { get; init; }

    /// <summary>A word or an object, in the flat form.</summary>
    public required JsonElement ToolChoice { get; init; }

    public required string Truncation { get; init; }

    public required bool ParallelToolCalls { get; init; }

    public required ResponseText Text { get; init; }

    public required double TopP { get; init; }

    public required double Temperature { get; init; }

    public required double PresencePenalty { get; init; }

    public required double FrequencyPenalty { get; init; }

    public required int TopLogprobs { get; init; }

    public ResponseReasoning? Reasoning { get; init; }

    /// <summary>Null until the end.</summary>
    public ResponseUsage? Usage { get; init; }

    public int? MaxOutputTokens { get; init; }

    public int? MaxToolCalls { get; init; }

    public required bool Store { get; init; }

    public required bool Background { get; init; }

    public required string ServiceTier { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string? SafetyIdentifier { get; init; }

    public string? PromptCacheKey { get; init; }

    /// <summary>Only when the caller sent one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }
}

/// <param name="Reason"><c>max_output_tokens</c> or <c>content_filter</c>.</param>
public sealed record ResponseIncompleteDetails(string Reason);

public sealed record ResponseError(string Code, string Message);

/// <summary>A function tool in its flat form, all five keys.</summary>
public sealed record ResponseTool(string Name, string? Description, JsonElement? Parameters, bool? Strict)
{
    public string Type { get; init; } = "function";
}

public sealed record ResponseText(ResponseFormat Format)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Verbosity { get; init; }
}

/// <summary>Shape of the answer's text; the schema is echoed as it was sent.</summary>
public sealed record ResponseFormat
{
    /// <summary><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    public string? Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Schema { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Strict { get; init; }
}

public sealed record ResponseReasoning(string? Effort, string? Summary);

/// <summary>Tokens; all five figures always.</summary>
public sealed record ResponseUsage(long InputTokens, long OutputTokens, long TotalTokens)
{
    public required ResponseInputTokensDetails InputTokensDetails { get; init; }

    public required ResponseOutputTokensDetails OutputTokensDetails { get; init; }
}

public sealed record ResponseInputTokensDetails(long CachedTokens);

public sealed record ResponseOutputTokensDetails(long ReasoningTokens);
