using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Schedules;

/// <summary>Sessions in which events wait, by the time when they are due at the latest.</summary>
public sealed class DueSessions(GatewayStorage storage)
{
    /// <summary>How many sessions one sweep looks at.</summary>
    private const int MostOfSweep = 100;

    private StorageTable Table => storage.Table(JobStore.TableName);

    internal async Task<DueSessionRow> AddAsync(SessionKey session, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var row = new DueSessionRow(session, due);
        await Table.UpsertAsync(row, cancellationToken);
        return row;
    }

    internal async Task<IReadOnlyList<DueSessionRow>> ListAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!storage.IsConfigured)
        {
            return [];
        }

        var query = new TableQuery
        {
            PartitionKey = DueSessionRow.Partition,
            RowKeyTo = DueSessionRow.KeyOf(now.AddTicks(1)),
            Top = MostOfSweep,
        };
        return (await Table.QueryPageAsync<DueSessionRow>(query, null, cancellationToken)).Rows;
    }

    internal Task RemoveAsync(DueSessionRow row, CancellationToken cancellationToken) =>
        Table.DeleteAsync(row.PartitionKey, row.RowKey, etag: null, cancellationToken);
}

/// <summary>A session in which events wait. Its key begins with the time, so that the oldest come first.</summary>
internal sealed class DueSessionRow : TableRow, ITableRow<DueSessionRow>
{
    public const string Partition = "events";

    private DueSessionRow(TableEntity entity)
        : base(entity)
    {
    }

    public DueSessionRow(SessionKey session, DateTimeOffset due)
        : base(Partition, $"{KeyOf(due)}~{RandomId.Create("")[..12]}") =>
        (this["Owner"], this["Agent"], this["Key"], this["V"]) = (session.Owner, session.Agent, session.Key, 1);

    public SessionKey Session => new(Text("Owner") ?? "", Text("Agent") ?? "", Text("Key") ?? "");

    public static string KeyOf(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    public static DueSessionRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
