using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>A request to cancel a run, which the run polls for.</summary>
internal sealed class StopRow : TableRow, ITableRow<StopRow>
{
    private StopRow(TableEntity entity)
        : base(entity)
    {
    }

    public StopRow(string partition, string runId, DateTimeOffset now)
        : base(partition, Key(runId)) => (this["At"], this["V"]) = (now, RunRow.Version);

    public static string Key(string runId) => "stop~" + RunId.OwnPart(runId);

    public static StopRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
