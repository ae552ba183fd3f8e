using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using OpenClaw.Models;

namespace OpenClaw.Usage;

/// <summary>Tokens, normalised over the providers' names for them. What the provider does not report is estimated for a run that asked a
/// model, else zero.</summary>
public sealed record RunUsage(long InputTokens, long OutputTokens, long CachedTokens = 0, long ReasoningTokens = 0)
{
    public static RunUsage None { get; } = new(0, 0) { IsReported = false };

    /// <summary>False when the provider gave no figures at all.</summary>
    public bool IsReported { get; init; } = true;

    /// <summary>Input tokens that were written to the provider's cache; part of <see cref="InputTokens"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CacheWriteTokens { get; init; }

    /// <summary>The part of all tokens that the gateway estimated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long EstimatedTokens { get; init; }

    /// <summary>The cost that the provider itself reports, in billionths of a dollar. Counts where the model has no price.</summary>
    [JsonIgnore]
    public long ReportedNanoUsd { get; init; }

    public long TotalTokens => InputTokens + OutputTokens;

    internal static RunUsage Of(UsageDetails? usage) => usage is null ? None : new(
        usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0, usage.ReasoningTokenCount ?? 0)
    {
        CacheWriteTokens = usage.AdditionalCounts?.GetValueOrDefault(ModelProperties.CacheWrites) ?? 0,
        ReportedNanoUsd = usage.AdditionalCounts?.GetValueOrDefault(ModelProperties.CostNanoUsd) ?? 0,
    };

    /// <summary>Of a call that has input only.</summary>
    /// <param name="reported">What the provider reports; null or 0: it is estimated.</param>
    public static RunUsage OfInput(long? reported, IReadOnlyCollection<string> texts) =>
        (reported is > 0 ? new RunUsage(reported.Value, 0) : None).Estimate(() => TokenCounter.Count(texts), static () => 0);

    /// <summary>The sum of two calls of models.</summary>
    internal RunUsage Add(RunUsage other) => new(
        InputTokens + other.InputTokens, OutputTokens + other.OutputTokens, CachedTokens + other.CachedTokens,
        ReasoningTokens + other.ReasoningTokens)
    {
        IsReported = IsReported && other.IsReported,
        CacheWriteTokens = CacheWriteTokens + other.CacheWriteTokens,
        EstimatedTokens = EstimatedTokens + other.EstimatedTokens,
        ReportedNanoUsd = ReportedNanoUsd + other.ReportedNanoUsd,
    };

    /// <summary>Fills in what was not reported.</summary>
    internal RunUsage Estimate(Func<long> input, Func<long> output)
    {
        var (more, extra) = (InputTokens == 0 ? input() : 0, OutputTokens == 0 ? output() : 0);
        return more + extra == 0 ? this : this with
        {
            InputTokens = InputTokens + more,
            OutputTokens = OutputTokens + extra,
            EstimatedTokens = more + extra,
        };
    }
}
