using OpenClaw.Storage;

namespace OpenClaw.Runs;

/// <summary>One instance's part of a total.</summary>
internal static class UsageRow
{
    public static TableEntity Write(UsageKey key, string instance, string name, UsageTotals totals) => new(key.Partition, key.Prefix + instance)
    {
        ["Name"] = name,
        ["Runs"] = totals.Runs,
        ["InputTokens"] = totals.InputTokens,
        ["OutputTokens"] = totals.OutputTokens,
        ["CachedTokens"] = totals.CachedTokens,
        ["NanoUsd"] = totals.NanoUsd,
    };

    public static UsageTotals Read(TableEntity row) => new(
        row.GetInt64("Runs") ?? 0, row.GetInt64("InputTokens") ?? 0, row.GetInt64("OutputTokens") ?? 0, row.GetInt64("CachedTokens") ?? 0,
        row.GetInt64("NanoUsd") ?? 0);

    /// <summary>Viewer, dimension, name and instance.</summary>
    public static string[] Parts(TableEntity row) => row.RowKey.Split('~');
}
