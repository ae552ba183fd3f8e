using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>The whole answer. Source: OpenAI API reference, chat completion object.</summary>
internal sealed record ChatCompletion
{
    /// <summary><c>chatcmpl-</c> and 24 base62 characters.</summary>
    public required string Id { get; init; }

    public string Object { get; init; } = "chat.completion";

    /// <summary>Unix seconds.</summary>
    public required long Created { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    public required ChatUsage Usage { get; init; }
}

internal sealed record ChatChoice
{
    public int Index { get; init; }

    public required ChatMessageOutput Message { get; init; }

    /// <summary>Null unless the caller asked for them and the provider gave them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ChatLogprobs? Logprobs { get; init; }

    /// <summary><c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>function_call</c> or <c>content_filter</c>.</summary>
    public required string FinishReason { get; init; }
}

internal sealed record ChatMessageOutput
{
    public string Role { get; init; } = "assistant";

    /// <summary>Null when there are only tool calls.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Content { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Refusal { get; init; }

    /// <summary>The model's reasoning, under the name that most clients read.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>OpenRouter's structured reasoning, which it needs back.</summary>
    public JsonElement? ReasoningDetails { get; init; }

    public IReadOnlyList<ChatToolCall>? ToolCalls { get; init; }

    /// <summary>The call in its older form, for callers that declare <c>functions</c>.</summary>
    public ChatFunctionCall? FunctionCall { get; init; }
}

/// <summary>The log probability of each token of the content and of the refusal; null where there is no such text.</summary>
internal sealed record ChatLogprobs
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<TokenLogprob>? Content { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<TokenLogprob>? Refusal { get; init; }
}

/// <summary>A call; in a stream only the first piece has id, type and name.</summary>
internal sealed record ChatToolCall
{
    /// <summary>Position among the calls; only in streams.</summary>
    public int? Index { get; init; }

    public string? Id { get; init; }

    public string? Type { get; init; }

    public ChatFunctionCall? Function { get; init; }

    /// <summary>What the provider attached to the call and needs back, such as Gemini's thought signature.</summary>
    public JsonElement? ExtraContent { get; init; }

    /// <inheritdoc cref="ExtraContent"/>
    public JsonElement? ProviderSpecificFields { get; init; }
}

internal sealed record ChatFunctionCall
{
    public string? Name { get; init; }

    /// <summary>JSON text as the model wrote it.</summary>
    public string? Arguments { get; init; }
}

internal sealed record ChatUsage
{
    public required long PromptTokens { get; init; }

    public required long CompletionTokens { get; init; }

    public required long TotalTokens { get; init; }

    public required ChatPromptTokensDetails PromptTokensDetails { get; init; }

    public required ChatCompletionTokensDetails CompletionTokensDetails { get; init; }
}

internal sealed record ChatPromptTokensDetails(long CachedTokens);

internal sealed record ChatCompletionTokensDetails(long ReasoningTokens);

/// <summary>One event of a stream. Source: OpenAI API reference, chat completion chunk object.</summary>
internal sealed record ChatCompletionChunk
{
    public required string Id { get; init; }

    public string Object { get; init; } = "chat.completion.chunk";

    /// <summary>Unix seconds; the same in every chunk.</summary>
    public required long Created { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<ChatChunkChoice> Choices { get; init; }

    /// <summary>Only in the last chunk, and only when asked for.</summary>
    public ChatUsage? Usage { get; init; }
}

internal sealed record ChatChunkChoice
{
    public int Index { get; init; }

    public required ChatDelta Delta { get; init; }

    /// <summary>Of the tokens of this chunk.</summary>
    public ChatLogprobs? Logprobs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }
}

internal sealed record ChatDelta
{
    public string? Role { get; init; }

    public string? Content { get; init; }

    public string? Refusal { get; init; }

    public string? ReasoningContent { get; init; }

    /// <inheritdoc cref="ChatMessageOutput.ReasoningDetails"/>
    public JsonElement? ReasoningDetails { get; init; }

    public IReadOnlyList<ChatToolCall>? ToolCalls { get; init; }

    /// <summary>A piece of the call in its older form; only the first has a name.</summary>
    public ChatFunctionCall? FunctionCall { get; init; }
}
