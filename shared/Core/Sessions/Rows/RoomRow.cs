using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>Says that an instance would execute the session's next run, and waits until its memory has room for the request. It is written
/// again as long as it waits.</summary>
internal sealed class RoomRow : TableRow, ITableRow<RoomRow>
{
    public new const string RowKey = "room";

    /// <summary>How often it is written.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly StorageClock _clock;

    private RoomRow(TableEntity entity, StorageClock clock)
        : base(entity) => _clock = clock;

    public RoomRow(string partition)
        : base(partition, RowKey) => this["V"] = RunRow.Version;

    /// <summary>Whether the instance still waits, by the storage service's clock.</summary>
    public bool IsRecent => Timestamp + (Interval * 3) > _clock.Now;

    public static RoomRow Read(TableEntity entity, StorageClock clock) => new(entity, clock);
}
