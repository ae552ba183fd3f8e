using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>Deletes the rows of sessions that were deleted or have expired, at most 100 rows a transaction. Its position is stored, so
/// that the next call, on any instance, continues there.</summary>
public sealed partial class SessionSweeper(
    GatewayStorage storage, SessionPolicy policy, SessionIndex index, SessionInbox inbox, GatewayConfigStore config, TimeProvider time,
        ILogger<SessionSweeper> logger)
{
    /// <summary>Reports every transaction: how many rows were deleted.</summary>
    public event Action<int>? Swept;

    private StorageTable Table => storage.Table(SessionStore.TableName);

    /// <summary>Looks through all sessions once, from the place where the last call ended.</summary>
    /// <returns>The number of rows deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var swept = 0;
        if (!storage.IsConfigured)
        {
            return 0;
        }

        var state = storage.Table(SessionIndex.TableName);
        var continuation = (await state.GetAsync<SessionStateRow>(
            SessionStateRow.Partition, SessionStateRow.Sweep, cancellationToken))?.Continuation;
        do
        {
            var page = await Table.QueryPageAsync<SessionHead>(
                new TableQuery { Filter = Due(), Top = 100 }, continuation, cancellationToken);
            foreach (var head in page.Rows)
            {
                swept += await SweepOneAsync(head, cancellationToken);
            }

            continuation = page.Continuation;
            await state.UpsertAsync(new SessionStateRow(SessionStateRow.Sweep) { Continuation = continuation }, cancellationToken);
        }
        while (continuation is not null);

        if (swept > 0)
        {
            LogSwept(swept);
        }

        return swept;
    }

    /// <summary>Deletes the rows of a session that was deleted or has expired. If a new session has the key of an expired one, only the
    /// rows of the old one are deleted.</summary>
    public async Task<int> SweepAsync(SessionHead head, CancellationToken cancellationToken)
    {
        if (head.IsHeld(TimeSpan.FromSeconds(config.Current.Storage.LeaseSeconds)))
        {
            return 0; // a new turn is under way
        }

        if (policy.IsGone(head) && !head.IsDeleted)
        {
            if (await inbox.HasRequestsAsync(head.PartitionKey, cancellationToken))
            {
                return 0; // accepted runs are executed first
            }

            if (await DeleteAsync(head, cancellationToken) is not { } deleted)
            {
                return 0; // a new turn was faster
            }

            head = deleted;
        }

        var swept = await DeleteRowsAsync(head, cancellationToken);
        if (head.IsDeleted)
        {
            await index.RemoveAsync(head, cancellationToken);
            return swept + (await DeleteHeadAsync(head, cancellationToken) ? 1 : 0);
        }

        head.Purged();
        await ReplaceAsync(head, cancellationToken);
        return swept;
    }

    /// <summary>Deletes the rows of a session that was just marked deleted. What fails is left to the next sweep.</summary>
    public async Task TrySweepAsync(SessionKey key, CancellationToken cancellationToken)
    {
        try
        {
            if (await ReadAsync(key.Partition, cancellationToken) is { IsDeleted: true } head)
            {
                await SweepAsync(head, cancellationToken);
            }
        }
        catch (StorageException failure)
        {
            LogFailed(failure);
        }
    }

    /// <summary>Deletes a whole session, whatever its age.</summary>
    /// <param name="key">Null does nothing.</param>
    /// <returns>False when a run holds it: to be tried again.</returns>
    public async Task<bool> TryRemoveAsync(SessionKey? key, CancellationToken cancellationToken)
    {
        if (key is null || await ReadAsync(key.Partition, cancellationToken) is not { } head)
        {
            return true;
        }

        if (head.IsHeld(TimeSpan.FromSeconds(config.Current.Storage.LeaseSeconds))
            || (head.IsDeleted ? head : await DeleteAsync(head, cancellationToken)) is not { } deleted)
        {
            return false;
        }

        await SweepAsync(deleted, cancellationToken);
        return true;
    }

    /// <summary>A session that cannot be swept is left to the next sweep; the others are swept now.</summary>
    private async Task<int> SweepOneAsync(SessionHead head, CancellationToken cancellationToken)
    {
        try
        {
            return await SweepAsync(head, cancellationToken);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or StorageException { IsOutcomeUnknown: true }))
        {
            LogFailed(failure);
            return 0;
        }
    }

    private async Task<SessionHead?> DeleteAsync(SessionHead head, CancellationToken cancellationToken)
    {
        head.Delete(time.GetUtcNow());
        return await ReplaceAsync(head, cancellationToken) ? await ReadAsync(head.PartitionKey, cancellationToken) : null;
    }

    private Task<SessionHead?> ReadAsync(string partition, CancellationToken cancellationToken) =>
        Table.GetAsync<SessionHead>(partition, SessionHead.RowKey, cancellationToken);

    private string Due() => policy.Cutoff is { } cutoff
        ? TableQuery.Where($"RowKey eq {SessionHead.RowKey} and (PurgeTo gt {0L} or Deleted eq {true} or UpdatedAt lt {cutoff})")
        : TableQuery.Where($"RowKey eq {SessionHead.RowKey} and (PurgeTo gt {0L} or Deleted eq {true})");

    private async Task<int> DeleteRowsAsync(SessionHead head, CancellationToken cancellationToken)
    {
        var swept = 0;
        var partition = head.PartitionKey;
        var query = new TableQuery { PartitionKey = partition, Select = LeftoverRow.Columns };
        string? continuation = null;
        do
        {
            var page = await Table.QueryPageAsync<LeftoverRow>(query, continuation, cancellationToken);
            foreach (var rows in page.Rows.Where(row => row.IsLeftOf(head)).Chunk(StorageLimits.BatchOperations))
            {
                var batch = new TableBatch();
                Array.ForEach(rows, row => batch.Delete(partition, row.RowKey));
                swept += await SubmitAsync(batch, cancellationToken);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
        return swept;
    }

    private async Task<int> SubmitAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await Table.SubmitAsync(batch, cancellationToken);
            Swept?.Invoke(batch.Count);
            return batch.Count;
        }
        catch (StorageException gone) when (gone.Status == 404)
        {
            return 0; // another sweep does it; the next one finishes
        }
    }

    private async Task<bool> ReplaceAsync(SessionHead head, CancellationToken cancellationToken)
    {
        try
        {
            head.ETag = await Table.ReplaceAsync(head, head.ETag, cancellationToken);
            return true;
        }
        catch (StorageException changed) when (changed.Status is 404 or 412)
        {
            return false;
        }
    }

    private async Task<bool> DeleteHeadAsync(SessionHead head, CancellationToken cancellationToken)
    {
        try
        {
            return await Table.DeleteAsync(head.PartitionKey, SessionHead.RowKey, head.ETag, cancellationToken);
        }
        catch (StorageException changed) when (changed.Status == 412)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A deleted session could not be swept yet")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept {Rows} rows of sessions that are gone")]
    private partial void LogSwept(int rows);
}
