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

    /// <summary>Whatever the session held when it was deleted; a session that went on keeps what came after.</summary>
    public bool IsLeftOf(SessionHead head) =>
        RowKey != SessionHead.RowKey
        && (TranscriptRow.TrySeqOf(RowKey) is { } seq ? seq < head.PurgeTo
            : Long("From") < head.PurgeTo
                || (head.IsDeleted && (Timestamp <= head.Timestamp || Text("State") is not (null or RunRow.Running or RunRow.Queued))));

    public static LeftoverRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
