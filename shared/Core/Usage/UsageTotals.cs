using OpenClaw.Configuration;

namespace OpenClaw.Usage;

/// <summary>What runs used together.</summary>
/// <param name="NanoUsd">Cost in billionths of a dollar, each run rounded up.</param>
/// <param name="EstimatedTokens">The part of the tokens that no provider reported and the gateway estimated.</param>
public readonly record struct UsageTotals(
    long Runs, long InputTokens, long OutputTokens, long CachedTokens, long NanoUsd, long EstimatedTokens = 0)
{
    private const decimal NanosPerDollar = 1_000_000_000;
    private const decimal TokensPerPrice = 1_000_000;

    public long TotalTokens => InputTokens + OutputTokens;

    public decimal CostUsd => NanoUsd / NanosPerDollar;

    /// <param name="cost">Prices of the model; without them the cost that the provider reports counts. Cached input tokens have a price
    /// of their own.</param>
    /// <param name="isRun">False for a call that belongs to another run.</param>
    public static UsageTotals OfRun(RunUsage usage, ModelCostSection? cost, bool isRun = true)
    {
        var cached = Math.Min(usage.CachedTokens, usage.InputTokens);
        var nanos = cost is null ? usage.ReportedNanoUsd
            : (((usage.InputTokens - cached) * cost.Input) + (cached * cost.CacheRead) + (
                usage.OutputTokens * cost.Output)) / TokensPerPrice * NanosPerDollar;
        return new UsageTotals(
            isRun ? 1 : 0, usage.InputTokens, usage.OutputTokens, cached, (long)Math.Min(Math.Ceiling(nanos), long.MaxValue / 4),
            usage.EstimatedTokens);
    }

    public static UsageTotals operator +(UsageTotals a, UsageTotals b) => new(
        a.Runs + b.Runs, a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.CachedTokens + b.CachedTokens,
            a.NanoUsd + b.NanoUsd, a.EstimatedTokens + b.EstimatedTokens);

    public static UsageTotals Add(UsageTotals left, UsageTotals right) => left + right;
}
