using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>Events that wait in a session for its next run, whoever starts it. The transaction that stores the run's turn removes
/// them.</summary>
public sealed class SessionEvents(GatewayStorage storage, TimeProvider time)
{
    /// <summary>Characters of one event.</summary>
    public const int MaxLength = 20_000;

    /// <summary>How many join one run; its transaction has no room for more.</summary>
    private const int MostOfRun = 8;

    private StorageTable Table => storage.Table(SessionStore.TableName);

    /// <summary>Stores an event.</summary>
    /// <param name="eventId">The sender's id of it: the same one is stored once. Null when it can come only once.</param>
    /// <returns>False when an equal one waits, or this one came before.</returns>
    public async Task<bool> TryAddAsync(SessionKey session, string text, string? eventId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var batch = new TableBatch();
        batch.Insert(new SystemEventRow(session.Partition, text, now));
        if (eventId is not null)
        {
            batch.Insert(new SeenRow(session.Partition, eventId, "", now));
        }

        try
        {
            await Table.SubmitAsync(batch, cancellationToken);
            return true;
        }
        catch (StorageException exists) when (exists.Status == 409)
        {
            return false;
        }
    }

    /// <summary>Whether any event waits.</summary>
    public async Task<bool> AnyAsync(string partition, CancellationToken cancellationToken) =>
        (await Table.QueryPageAsync<SystemEventRow>(
            TableQuery.WithPrefix(partition, SystemEventRow.Prefix) with { Top = 1, Select = ["At"] }, null, cancellationToken))
            .Rows.Count > 0;

    /// <summary>The events that join a run, oldest first.</summary>
    internal static async Task<IReadOnlyList<SystemEventRow>> ReadAsync(
        StorageTable table, string partition, CancellationToken cancellationToken)
    {
        var page = await table.QueryPageAsync<SystemEventRow>(
            TableQuery.WithPrefix(partition, SystemEventRow.Prefix) with { Top = MostOfRun }, null, cancellationToken);
        return [.. page.Rows.OrderBy(row => row.At)];
    }
}
