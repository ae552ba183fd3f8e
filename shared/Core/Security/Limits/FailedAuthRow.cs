using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Security.Limits;

/// <summary>The failures of one client with one class of credentials.</summary>
internal sealed class FailedAuthRow : TableRow, ITableRow<FailedAuthRow>
{
    public new const string RowKey = "count";

    private FailedAuthRow(TableEntity entity)
        : base(entity)
    {
    }

    public FailedAuthRow(string partition, FailureCount count)
        : base(partition, RowKey)
    {
        (this["WindowStart"], this["Count"]) = (count.WindowStart, count.Count);
        this["LockedUntil"] = count.LockedUntil == default ? null : count.LockedUntil;
    }

    public FailureCount Count => new(Time("WindowStart") ?? default, Int("Count") ?? 0, Time("LockedUntil") ?? default);

    public static FailedAuthRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
