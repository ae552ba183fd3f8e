using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

internal sealed record UsageCostParams
{
    [Range(1, 366)]
    public int? Days { get; init; }

    public JsonElement AgentId { get; init; }

    public JsonElement AgentScope { get; init; }

    public JsonElement StartDate { get; init; }

    public JsonElement EndDate { get; init; }

    public JsonElement Mode { get; init; }

    public JsonElement TimeZone { get; init; }

    public JsonElement UtcOffset { get; init; }
}

internal sealed record UsageCostResult(long UpdatedAt, int Days, IReadOnlyList<UsageCost> Daily, UsageCost Totals);

/// <summary>Tokens and dollars of a day, or of all days.</summary>
/// <param name="Input">Without what came from a cache.</param>
internal sealed record UsageCost(long Input, long Output, long CacheRead, long CacheWrite, long TotalTokens, decimal TotalCost)
{
    public string? Date { get; init; }

    public long Runs { get; init; }

    public int MissingCostEntries { get; init; }

    public static UsageCost Of(UsageTotals totals) => new(
        totals.InputTokens - totals.CachedTokens, totals.OutputTokens, totals.CachedTokens, 0, totals.TotalTokens, totals.CostUsd)
    {
        Runs = totals.Runs,
    };
}

/// <summary>Quotas that providers tell; this gateway asks none.</summary>
internal sealed record UsageStatusResult(long UpdatedAt, IReadOnlyList<string> Providers);

/// <summary>Parameters of <c>sessions.usage</c>; days are those of UTC.</summary>
internal sealed record SessionsUsageParams
{
    /// <summary>Such as <c>2030-01-31</c>; absent: 30 days in all.</summary>
    public string? StartDate { get; init; }

    /// <summary>The last day; absent: today.</summary>
    public string? EndDate { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    /// <summary>One session only.</summary>
    [MinLength(1)]
    public string? Key { get; init; }

    /// <summary>The most sessions that are listed; totals count all.</summary>
    [Range(1, 1000)]
    public int? Limit { get; init; }

    public JsonElement Mode { get; init; }

    public JsonElement TimeZone { get; init; }

    public JsonElement UtcOffset { get; init; }

    public JsonElement GroupBy { get; init; }

    public JsonElement IncludeContextWeight { get; init; }

    public JsonElement AgentScope { get; init; }
}

internal sealed record SessionsUsageResult(
    long UpdatedAt, string StartDate, string EndDate, IReadOnlyList<SessionUsage> Sessions, UsageCost Totals, UsageAggregates Aggregates)
{
    public IReadOnlyList<string> CreatorOptions { get; } = [];

    public UsageCacheStatus CacheStatus { get; } = new();
}

/// <summary>What one session used in the period.</summary>
internal sealed record SessionUsage(string Key, string SessionId, string AgentId, UsageCost Usage)
{
    public string Scope { get; } = "family";

    public string? Label { get; init; }

    /// <summary>Null for a session that is gone.</summary>
    public long? UpdatedAt { get; init; }
}

/// <summary>Sums over the period, the dearest first.</summary>
internal sealed record UsageAggregates(
    int SessionCount, IReadOnlyList<UsageGroup> ByModel, IReadOnlyList<UsageGroup> ByProvider, IReadOnlyList<UsageGroup> ByAgent,
    IReadOnlyList<UsageCost> CostDaily);

/// <param name="Count">Runs.</param>
internal sealed record UsageGroup(long Count, UsageCost Totals)
{
    public string? Provider { get; init; }

    public string? Model { get; init; }

    public string? AgentId { get; init; }
}

/// <summary>Usage is kept in storage, so nothing is stale.</summary>
internal sealed record UsageCacheStatus
{
    public string Status { get; } = "fresh";

    public int CachedFiles { get; }

    public int PendingFiles { get; }

    public int StaleFiles { get; }
}
