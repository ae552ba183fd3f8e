using Microsoft.Extensions.AI;

namespace OpenClaw.Models;

/// <summary>The keys used in <see cref="AIContent.AdditionalProperties"/> for values that have no type of their own.</summary>
internal static class ModelProperties
{
    /// <summary>On an image: <c>low</c>, <c>high</c>, <c>auto</c> or <c>original</c>.</summary>
    public const string Detail = "detail";

    /// <summary>On reasoning and calls in history: the model that made them, <c>provider/model</c>.</summary>
    public const string Origin = "origin";

    /// <summary>On a message: <c>commentary</c> or <c>final_answer</c>.</summary>
    public const string Phase = "phase";

    /// <summary>On <see cref="ChatOptions"/>: the caller's end user, passed on.</summary>
    public const string User = "user";

    /// <summary>Among the additional counts of a usage: input tokens written to the provider's cache.</summary>
    public const string CacheWrites = "cache_write_tokens";

    /// <summary>Among the additional counts of a usage: the cost that the provider itself reports, in billionths of a dollar.</summary>
    public const string CostNanoUsd = "cost_nano_usd";

    /// <summary>On the last update: the stop sequence that ended the answer.</summary>
    public const string StopSequence = "stop_sequence";

    private static readonly AdditionalPropertiesDictionary SummaryMark = new() { ["summary"] = true };

    /// <summary>A piece of a summary of the reasoning, as opposed to the reasoning itself.</summary>
    public static TextReasoningContent ReasoningSummary(string text) => new(text) { AdditionalProperties = SummaryMark };

    public static bool IsSummary(this TextReasoningContent content) => ReferenceEquals(content.AdditionalProperties, SummaryMark);
}
