using OpenClaw.Configuration;

namespace OpenClaw.Usage;

/// <summary>What runs used together.</summary>
/// <param name="NanoUsd">Cost in billionths of a dollar, each run rounded up.</param>
public readonly record struct UsageTotals(long Runs, long InputTokens, long OutputTokens, long CachedTokens, long NanoUsd)
{
    private const decimal NanosPerDollar = 1_000_000_000;
    private const decimal TokensPerPrice = 1_000_000;

    public long TotalTokens => InputTokens + OutputTokens;

    public decimal CostUsd => NanoUsd / NanosPerDollar;

    /// <param name="cost">Prices of the model; null costs nothing. Cached input tokens have a price of their own.</param>
    public static UsageTotals OfRun(RunUsage usage, ModelCostSection? cost)
    {
        var cached = Math.Min(usage.CachedTokens, usage.InputTokens);
        var dollars = cost is null ? 0
            : (((usage.InputTokens - cached) * cost.Input) + (cached * cost.CacheRead) + (
                usage.OutputTokens * cost.Output)) / TokensPerPrice;
        return new UsageTotals(1, usage.InputTokens, usage.OutputTokens, cached, (long)Math.Ceiling(dollars * NanosPerDollar));
    }

    public static UsageTotals operator +(UsageTotals a, UsageTotals b) => new(
        a.Runs + b.Runs, a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.CachedTokens + b.CachedTokens,
            a.NanoUsd + b.NanoUsd);

    public static UsageTotals Add(UsageTotals left, UsageTotals right) => left + right;
}
