using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Schedules;

/// <summary>Sessions in which events wait, by the time when they are due at the latest.</summary>
public sealed class DueSessions(GatewayStorage storage)
{
    /// <summary>How many sessions one sweep looks at.</summary>
    private const int MostOfSweep = 100;

    private StorageTable Table => storage.Table(JobStore.TableName);

    internal async Task<DueSessionRow> AddAsync(
        Caller caller, SessionKey session, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var row = new DueSessionRow(caller, session, due);
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
