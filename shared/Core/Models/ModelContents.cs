using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models;

/// <summary>What a run asks of a model beyond <see cref="ChatOptions"/>. Foreign chat clients see the base; ours see all.</summary>
public sealed class ModelOptions : ChatOptions
{
    /// <summary><c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c>; passed on as it is.</summary>
    public string? ReasoningEffort { get; set; }

    /// <summary>Drops the effort and the summary for models that are not known to reason, which would refuse them.</summary>
    public bool ReasonsWherePossible { get; set; }

    /// <summary><c>auto</c>, <c>concise</c> or <c>detailed</c>.</summary>
    public string? ReasoningSummary { get; set; }

    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public string? Verbosity { get; set; }

    /// <summary>The <c>strict</c> flag of a JSON schema response format.</summary>
    public bool? StrictSchema { get; set; }

    public string? ServiceTier { get; set; }

    /// <summary>The caller's own cache and abuse keys, passed on to providers that know them.</summary>
    public string? PromptCacheKey { get; set; }

    public string? SafetyIdentifier { get; set; }

    /// <summary>A copy whose own properties can be set without a change to this one.</summary>
    public ModelOptions Copy() => (ModelOptions)MemberwiseClone();
}

/// <summary>A function tool as the caller declared it.</summary>
/// <param name="name">1 to 64 of letters, digits, <c>_</c>, <c>-</c>.</param>
/// <param name="parameters">JSON Schema of the arguments; absent means none.</param>
public sealed class FunctionTool(string name, string? description, JsonElement? parameters, bool? strict) : AIFunctionDeclaration
{
    private static readonly JsonElement EmptySchema = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public override string Name { get; } = name;

    public override string Description { get; } = description ?? "";

    public override JsonElement JsonSchema { get; } = parameters ?? EmptySchema;

    /// <summary>As declared, null when absent.</summary>
    public JsonElement? Parameters { get; } = parameters;

    public bool? Strict { get; } = strict;
}

/// <summary>A call in history, with the arguments exactly as the model wrote them.</summary>
public sealed class RawFunctionCall(string callId, string name, string argumentsText) : FunctionCallContent(callId, name)
{
    /// <summary>JSON text; may be malformed.</summary>
    public string ArgumentsText { get; } = argumentsText;
}

/// <summary>A piece of a call while the model writes it. The first piece of an index carries id and name.</summary>
/// <param name="index">Which call of this answer, from 0.</param>
public sealed class ToolCallDelta(int index, string? callId, string? name, string arguments) : AIContent
{
    public int Index { get; } = index;

    public string? CallId { get; } = callId;

    public string? Name { get; } = name;

    /// <summary>What to append to the arguments; may be empty.</summary>
    public string Arguments { get; } = arguments;
}

/// <summary>A piece of the model's refusal.</summary>
public sealed class RefusalDelta(string text) : AIContent
{
    public string Text { get; } = text;
}

/// <summary>What the seam carries in <see cref="AIContent.AdditionalProperties"/>, where no type of ours fits.</summary>
public static class ModelProperties
{
    /// <summary>On an image: <c>low</c>, <c>high</c> or <c>auto</c>.</summary>
    public const string Detail = "detail";

    /// <summary>On a message: <c>commentary</c> or <c>final_answer</c>.</summary>
    public const string Phase = "phase";

    /// <summary>On <see cref="ChatOptions"/>: the caller's end user, passed on.</summary>
    public const string User = "user";

    /// <summary>Among the additional counts of a usage: input tokens written to the provider's cache.</summary>
    public const string CacheWrites = "cache_write_tokens";

    /// <summary>On the last update: the stop sequence that ended the answer.</summary>
    public const string StopSequence = "stop_sequence";

    private static readonly AdditionalPropertiesDictionary SummaryMark = new() { ["summary"] = true };

    /// <summary>A piece of a summary of the reasoning, as opposed to the reasoning itself.</summary>
    public static TextReasoningContent ReasoningSummary(string text) => new(text) { AdditionalProperties = SummaryMark };

    public static bool IsSummary(this TextReasoningContent content) => ReferenceEquals(content.AdditionalProperties, SummaryMark);
}
