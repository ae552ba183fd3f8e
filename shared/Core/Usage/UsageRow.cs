using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Usage;

/// <summary>One instance's part of a total.</summary>
internal sealed class UsageRow : TableRow, ITableRow<UsageRow>
{
    private UsageRow(TableEntity entity)
        : base(entity)
    {
    }

    private UsageRow(string partition, string rowKey)
        : base(partition, rowKey)
    {
    }

    /// <summary>Of the agent, subject, model or session.</summary>
    public string? Name => Text("Name");

    public UsageTotals Totals => new(
        Long("Runs") ?? 0, Long("InputTokens") ?? 0, Long("OutputTokens") ?? 0, Long("CachedTokens") ?? 0, Long("NanoUsd") ?? 0,
        Long("EstimatedTokens") ?? 0);

    /// <summary>Viewer, dimension, name and instance.</summary>
    public string[] Parts => RowKey.Split('~');

    public static UsageRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public static UsageRow Of(UsageKey key, string instance, string name, UsageTotals totals) => new(key.Partition, key.Prefix + instance)
    {
        ["Name"] = name,
        ["Runs"] = totals.Runs,
        ["InputTokens"] = totals.InputTokens,
        ["OutputTokens"] = totals.OutputTokens,
        ["CachedTokens"] = totals.CachedTokens,
        ["NanoUsd"] = totals.NanoUsd,
        ["EstimatedTokens"] = totals.EstimatedTokens,
    };
}
