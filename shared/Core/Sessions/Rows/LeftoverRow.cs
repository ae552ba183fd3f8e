using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>Any row of a session's partition, as the sweeper sees it.</summary>
internal sealed class LeftoverRow : TableRow, ITableRow<LeftoverRow>
{
    public static readonly string[] Columns = ["From", "State"];

    private LeftoverRow(TableEntity entity)
        : base(entity)
    {
    }

    /// <summary>Whether the row is to be deleted: it was in the session when that was deleted. Rows of a later turn stay.</summary>
    public bool IsLeftOf(SessionHead head) =>
        RowKey != SessionHead.RowKey
        && (TranscriptRow.TrySeqOf(RowKey) is { } seq ? seq < head.PurgeTo
            : Long("From") < head.PurgeTo
                || (head.IsDeleted && (Timestamp <= head.Timestamp || Text("State") is not (null or RunRow.Running or RunRow.Queued))));

    public static LeftoverRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
