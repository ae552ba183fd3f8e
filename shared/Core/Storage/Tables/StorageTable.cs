using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace OpenClaw.Storage.Tables;

/// <summary>One table, its rows by their typed faces. Limits are checked before a row is sent.</summary>
public sealed class StorageTable : StorageResource
{
    private readonly TableClient _table;

    internal StorageTable(TableClient table, StorageFailures failures)
        : base("table", table.Name, TableErrorCode.TableNotFound.ToString(), failures) => _table = table;

    /// <summary>Deletes the table with all it holds. The name stays taken for a while.</summary>
    public Task DeleteTableAsync(CancellationToken cancellationToken) =>
        ReadAsync("delete", () => _table.DeleteAsync(cancellationToken), cancellationToken);

    /// <summary>Reads nothing; succeeds when the service answers and lets the gateway in.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => FindAsync("probe", "probe", cancellationToken);

    /// <summary>Null when there is no such row.</summary>
    public async Task<T?> GetAsync<T>(string partitionKey, string rowKey, CancellationToken cancellationToken)
        where T : TableRow, ITableRow<T>
    {
        StorageLimits.CheckKey(partitionKey, "The partition key");
        StorageLimits.CheckKey(rowKey, "The row key");
        var found = await FindAsync(partitionKey, rowKey, cancellationToken);
        return found.HasValue ? T.Read(found.Value!, StorageClock.Of(found.GetRawResponse())) : null;
    }

    /// <exception cref="StorageException"><c>409 EntityAlreadyExists</c>.</exception>
    public Task<ETag> InsertAsync(TableRow row, CancellationToken cancellationToken) =>
        WriteAsync("insert into", row, () => _table.AddEntityAsync(row.Entity, cancellationToken), cancellationToken);

    /// <summary>Inserts, or replaces whatever is there.</summary>
    public Task<ETag> UpsertAsync(TableRow row, CancellationToken cancellationToken) =>
        WriteAsync("upsert into", row, () =>
            _table.UpsertEntityAsync(row.Entity, TableUpdateMode.Replace, cancellationToken), cancellationToken);

    /// <param name="etag">The version to replace; <see cref="ETag.All"/> asks only that the row exists.</param>
    /// <exception cref="StorageException"><c>412 UpdateConditionNotSatisfied</c>, <c>404 ResourceNotFound</c>.</exception>
    public Task<ETag> ReplaceAsync(TableRow row, ETag etag, CancellationToken cancellationToken)
    {
        TableBatch.CheckETag(etag);
        return WriteAsync("replace in", row, () =>
            _table.UpdateEntityAsync(row.Entity, etag, TableUpdateMode.Replace, cancellationToken), cancellationToken);
    }

    /// <summary>Sets the row's properties and keeps the others.</summary>
    /// <param name="etag">The version to change; null inserts a row that is not there.</param>
    /// <exception cref="StorageException"><c>412 UpdateConditionNotSatisfied</c>, <c>404 ResourceNotFound</c>.</exception>
    public Task<ETag> MergeAsync(TableRow row, ETag? etag, CancellationToken cancellationToken)
    {
        TableBatch.CheckETag(etag);
        return WriteAsync(
            "merge into",
            row,
            () => etag is { } version
                ? _table.UpdateEntityAsync(row.Entity, version, TableUpdateMode.Merge, cancellationToken)
                : _table.UpsertEntityAsync(row.Entity, TableUpdateMode.Merge, cancellationToken),
            cancellationToken);
    }

    /// <summary>False when there is no such row; after a retry that may be the work of an earlier try.</summary>
    /// <param name="etag">The version to delete; null or <see cref="ETag.All"/> deletes any.</param>
    /// <exception cref="StorageException"><c>412 UpdateConditionNotSatisfied</c>.</exception>
    public async Task<bool> DeleteAsync(string partitionKey, string rowKey, ETag? etag, CancellationToken cancellationToken)
    {
        StorageLimits.CheckKey(partitionKey, "The partition key");
        StorageLimits.CheckKey(rowKey, "The row key");
        TableBatch.CheckETag(etag);
        var answer = await ReadAsync(
            "delete from", () => _table.DeleteEntityAsync(partitionKey, rowKey, etag ?? ETag.All, cancellationToken), cancellationToken);
        return answer.Status != 404;
    }

    /// <summary>Reads page by page, each when the enumeration gets there.</summary>
    public async IAsyncEnumerable<T> QueryAsync<T>(TableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : TableRow, ITableRow<T>
    {
        var left = query.Top ?? int.MaxValue;
        string? continuation = null;
        do
        {
            var page = await QueryPageAsync<T>(
                query with { Top = left < StorageLimits.PageRows ? left : null }, continuation, cancellationToken);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            left -= page.Rows.Count;
            continuation = page.Continuation;
        }
        while (continuation is not null && left > 0);
    }

    /// <param name="continuation">From the page before; null for the first. Goes with the same query only.</param>
    /// <exception cref="ArgumentException">The continuation is malformed.</exception>
    public async Task<TablePage<T>> QueryPageAsync<T>(TableQuery query, string? continuation, CancellationToken cancellationToken)
        where T : TableRow, ITableRow<T>
    {
        var at = continuation is null ? null : TableContinuation.Read(continuation);
        var pages = _table.QueryAsync<TableEntity>(
            query.ToFilter(), Math.Min(query.Top ?? StorageLimits.PageRows, StorageLimits.PageRows), query.Columns, cancellationToken);
        await using var page = pages.AsPages(at).GetAsyncEnumerator(cancellationToken);
        try
        {
            await ReadAsync("query", () => page.MoveNextAsync().AsTask(), cancellationToken);
        }
        catch (StorageException missing) when (IsMissing(missing))
        {
            return new([], null);
        }

        var clock = StorageClock.Of(page.Current.GetRawResponse());
        var rows = new List<T>(page.Current.Values.Count);
        foreach (var entity in page.Current.Values)
        {
            rows.Add(T.Read(entity, clock));
        }

        return new(rows, TableContinuation.Write(page.Current.ContinuationToken));
    }

    /// <summary>Submits an entity-group transaction: all or nothing. One ETag per operation, empty for a delete, in order.</summary>
    /// <exception cref="StorageException">Of the operation that failed, named by
    /// <see cref="StorageException.FailedOperation"/>.</exception>
    public async Task<IReadOnlyList<ETag>> SubmitAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return [];
        }

        return await WriteAsync(
            "batch on",
            async () =>
            {
                var transaction = new TableTransaction(batch);
                using (TableTransactionPolicy.Carry(transaction, Name))
                {
                    var answer = await _table.DeleteEntityAsync(
                        TableTransactionPolicy.Key, TableTransactionPolicy.Key, ETag.All, cancellationToken);
                    return answer.Status == 204 ? transaction.Result : throw new RequestFailedException(answer);
                }
            },
            cancellationToken);
    }

    /// <summary>Not the SDK's own way, which serializes by reflection: that is off here.</summary>
    private protected override async Task CreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _table.CreateAsync(cancellationToken);
        }
        catch (RequestFailedException exists) when (exists.ErrorCode == TableErrorCode.TableAlreadyExists)
        {
            // Another instance was faster, or an earlier try.
        }
    }

    private Task<NullableResponse<TableEntity>> FindAsync(string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        ReadAsync("get from", () =>
            _table.GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, select: null, cancellationToken), cancellationToken);

    private async Task<ETag> WriteAsync(string operation, TableRow row, Func<Task<Response>> call, CancellationToken cancellationToken)
    {
        TableEntitySize.Check(row);
        return ETagOf(await WriteAsync(operation, call, cancellationToken));
    }

    /// <summary>Raw, so that an ETag from a header equals one from a row.</summary>
    private static ETag ETagOf(Response answer) => answer.Headers.TryGetValue("ETag", out var etag) ? new ETag(etag) : default;
}
