using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>A row of a session that goes on, which is of no use when it is old: of runs that have ended, events that were accepted,
/// replies that were given up.</summary>
internal sealed class AgedRow : TableRow, ITableRow<AgedRow>
{
    private const string Runs = "run~";

    private static readonly string[] Prefixes = ["dead~", "ev~", "live~", Runs, "seen~", "stop~", "tool~"];

    private AgedRow(TableEntity entity)
        : base(entity)
    {
    }

    /// <summary>Whether nobody will ask for it: all but runs that wait or are under way.</summary>
    public bool IsDone =>
        !RowKey.StartsWith(Runs, StringComparison.Ordinal) || Text("State") is not (null or RunRow.Running or RunRow.Queued);

    /// <summary>Those of all sessions that nobody has written to since a time.</summary>
    public static TableQuery Since(DateTimeOffset time)
    {
        var ranges = Prefixes.Select(prefix => TableQuery.WithPrefix("", prefix)).Select(
            range => $"({TableQuery.Where($"RowKey ge {range.RowKeyFrom} and RowKey lt {range.RowKeyTo}")})");
        return new() { Filter = $"{TableQuery.Where($"Timestamp lt {time}")} and ({string.Join(" or ", ranges)})", Select = ["State"] };
    }

    public static AgedRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
