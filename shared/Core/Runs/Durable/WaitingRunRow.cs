using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Runs.Durable;

/// <summary>A run that its caller has waiting or under way in the background: one partition a caller.</summary>
internal sealed class WaitingRunRow : TableRow, ITableRow<WaitingRunRow>
{
    private WaitingRunRow(TableEntity entity)
        : base(entity)
    {
    }

    /// <param name="session">The partition of the run's session.</param>
    public WaitingRunRow(string partition, string runId, string session, DateTimeOffset now)
        : base(partition, runId) => (this["Session"], this["CreatedAt"]) = (session, now);

    public string? Session => Text("Session");

    public DateTimeOffset CreatedAt => Time("CreatedAt") ?? default;

    public static WaitingRunRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
