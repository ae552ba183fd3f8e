using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;

namespace OpenClaw.Storage;

/// <summary>
/// One table. Every failure that is not described here is a <see cref="StorageException"/>.
/// Source: learn.microsoft.com/rest/api/storageservices/table-service-rest-api.
/// </summary>
public sealed class StorageTable
{
    private readonly StoragePipeline _pipeline;
    private readonly bool _createOnFirstUse;
    private readonly string _target;

    internal StorageTable(StoragePipeline pipeline, string name, bool createOnFirstUse)
    {
        StorageLimits.CheckTableName(name);
        _pipeline = pipeline;
        _createOnFirstUse = createOnFirstUse;
        _target = $"table '{name}'";
        Name = name;
    }

    public string Name { get; }

    /// <summary>False when it exists already.</summary>
    public async Task<bool> CreateIfNotExistsAsync(CancellationToken cancellationToken)
    {
        using var body = new PooledBuffer(256);
        TableJson.WriteTableName(body, Name);
        using var reply = await _pipeline.SendAsync(Request(RequestMethod.Post, "/Tables", body.Memory), cancellationToken);
        return !(reply.Status == 409 && reply.ErrorCode == StorageErrorCode.TableAlreadyExists) && reply.ThrowIfFailed().IsSuccess;
    }

    /// <summary>Deletes the table with all it holds; false when there was none. The name stays taken for a while (<c>409 TableBeingDeleted</c>).</summary>
    public async Task<bool> DeleteTableAsync(CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(Request(RequestMethod.Delete, $"/Tables({Quote(Name)})"), cancellationToken);
        return reply.Status != 404 && reply.ThrowIfFailed().IsSuccess;
    }

    /// <summary>Reads nothing; succeeds when the service answers and lets the gateway in.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(Request(RequestMethod.Get, $"/{Name}{KeyPath("probe", "probe")}"), cancellationToken);
        if (!IsAbsent(reply))
        {
            reply.ThrowIfFailed();
        }
    }

    /// <summary>Null when there is no such row.</summary>
    public async Task<T?> GetAsync<T>(string partitionKey, string rowKey, CancellationToken cancellationToken)
        where T : TableRow, ITableRow<T>
    {
        StorageLimits.CheckKey(partitionKey, "The partition key");
        StorageLimits.CheckKey(rowKey, "The row key");
        using var reply = await _pipeline.SendAsync(Request(RequestMethod.Get, $"/{Name}{KeyPath(partitionKey, rowKey)}"), cancellationToken);
        return IsAbsent(reply) ? null : T.Read(TableJson.ReadEntity(reply.ThrowIfFailed().Body.Span), new(reply.ServerTime));
    }

    /// <exception cref="StorageException"><c>409 EntityAlreadyExists</c>.</exception>
    public Task<ETag> InsertAsync(TableRow row, CancellationToken cancellationToken) =>
        WriteAsync(RequestMethod.Post, row, etag: null, cancellationToken);

    /// <summary>Inserts, or replaces whatever is there.</summary>
    public Task<ETag> UpsertAsync(TableRow row, CancellationToken cancellationToken) =>
        WriteAsync(RequestMethod.Put, row, etag: null, cancellationToken);

    /// <param name="etag">The version to replace; <see cref="ETag.All"/> asks only that the row exists.</param>
    /// <exception cref="StorageException"><c>412 UpdateConditionNotSatisfied</c>, <c>404 ResourceNotFound</c>.</exception>
    public Task<ETag> ReplaceAsync(TableRow row, ETag etag, CancellationToken cancellationToken) =>
        WriteAsync(RequestMethod.Put, row, etag, cancellationToken);

    /// <summary>Sets the row's properties and keeps the others.</summary>
    /// <param name="etag">The version to change; null inserts a row that is not there.</param>
    /// <exception cref="StorageException"><c>412 UpdateConditionNotSatisfied</c>, <c>404 ResourceNotFound</c>.</exception>
    public Task<ETag> MergeAsync(TableRow row, ETag? etag, CancellationToken cancellationToken) =>
        WriteAsync(RequestMethod.Patch, row, etag, cancellationToken);

    /// <summary>False when there is no such row; after a retry that may be the work of an earlier try.</summary>
    /// <param name="etag">The version to delete; null or <see cref="ETag.All"/> deletes any.</param>
    /// <exception cref="StorageException"><c>412 UpdateConditionNotSatisfied</c>.</exception>
    public async Task<bool> DeleteAsync(string partitionKey, string rowKey, ETag? etag, CancellationToken cancellationToken)
    {
        StorageLimits.CheckKey(partitionKey, "The partition key");
        StorageLimits.CheckKey(rowKey, "The row key");
        var request = Request(RequestMethod.Delete, $"/{Name}{KeyPath(partitionKey, rowKey)}").IfMatch(etag ?? ETag.All);
        using var reply = await _pipeline.SendAsync(request, cancellationToken);
        return !IsAbsent(reply) && reply.ThrowIfFailed().IsSuccess;
    }

    /// <summary>Reads page by page, each when the enumeration gets there.</summary>
    public async IAsyncEnumerable<T> QueryAsync<T>(TableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : TableRow, ITableRow<T>
    {
        var left = query.Top ?? int.MaxValue;
        string? continuation = null;
        do
        {
            var page = await QueryPageAsync<T>(query with { Top = left < StorageLimits.PageRows ? left : null }, continuation, cancellationToken);
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
        var top = query.Top is > StorageLimits.PageRows ? StorageLimits.PageRows : query.Top;
        var request = Request(RequestMethod.Get, $"/{Name}(){query.ToQueryString(top, continuation)}");
        using var reply = await _pipeline.SendAsync(request, cancellationToken);
        if (IsAbsent(reply))
        {
            return new([], null);
        }

        var clock = new StorageClock(reply.ServerTime);
        var rows = TableJson.ReadEntities(reply.ThrowIfFailed().Body.Span).ConvertAll(entity => T.Read(entity, clock));
        var next = TableContinuation.Write(reply.Header("x-ms-continuation-NextPartitionKey"), reply.Header("x-ms-continuation-NextRowKey"));
        return new(rows, next);
    }

    /// <summary>Submits an entity-group transaction: all or nothing. One ETag per operation, empty for a delete, in order.</summary>
    /// <exception cref="StorageException">Of the operation that failed, named by <see cref="StorageException.FailedOperation"/>.</exception>
    public async Task<IReadOnlyList<ETag>> SubmitAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return [];
        }

        var boundary = Guid.NewGuid().ToString("N");
        using var body = new PooledBuffer(batch.PayloadBytes);
        batch.WriteTo(body, $"{_pipeline.Endpoint}/{Name}", boundary);
        for (var created = !_createOnFirstUse; ; created = true)
        {
            var request = new StorageRequest(RequestMethod.Post, "/$batch", $"batch on {_target}")
            {
                Body = body.Memory,
                HasBody = true,
                InnerStatus = TableBatchReply.StatusOf,
            };
            request.With("Accept", "application/json").With("Content-Type", $"multipart/mixed; boundary=batch_{boundary}");
            using var reply = await _pipeline.SendAsync(request.With("DataServiceVersion", "3.0;"), cancellationToken);
            try
            {
                return TableBatchReply.Read(reply.ThrowIfFailed(), batch.Count);
            }
            catch (StorageException exception) when (!created && exception.Code == StorageErrorCode.TableNotFound)
            {
                await CreateIfNotExistsAsync(cancellationToken);
            }
        }
    }

    /// <summary><c>(PartitionKey='…',RowKey='…')</c>, quotes doubled, then percent-encoded.</summary>
    internal static string KeyPath(string partitionKey, string rowKey) => $"(PartitionKey={Quote(partitionKey)},RowKey={Quote(rowKey)})";

    private static string Quote(string key) => $"'{Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal))}'";

    /// <summary>No row; or no table, where that is the same.</summary>
    private bool IsAbsent(StorageReply reply) =>
        reply.Status == 404 && (_createOnFirstUse || reply.ErrorCode != StorageErrorCode.TableNotFound);

    private async Task<ETag> WriteAsync(RequestMethod method, TableRow row, ETag? etag, CancellationToken cancellationToken)
    {
        TableEntitySize.Check(row.Entity);
        using var body = new PooledBuffer(1024);
        TableJson.Write(body, row.Entity);
        var keyPath = method == RequestMethod.Post ? "" : KeyPath(row.PartitionKey, row.RowKey);
        for (var created = !_createOnFirstUse; ; created = true)
        {
            var request = Request(method, $"/{Name}{keyPath}", body.Memory).IfMatch(etag);
            using var reply = await _pipeline.SendAsync(request, cancellationToken);
            if (created || reply.Status != 404 || reply.ErrorCode != StorageErrorCode.TableNotFound)
            {
                return reply.ThrowIfFailed().ETag;
            }

            await CreateIfNotExistsAsync(cancellationToken);
        }
    }

    private StorageRequest Request(RequestMethod method, string path, ReadOnlyMemory<byte>? body = null)
    {
        var request = new StorageRequest(method, path, _target) { Body = body ?? default, HasBody = body is not null };
        request.With("Accept", TableJson.ContentType).With("DataServiceVersion", "3.0;");
        return body is null ? request : request.With("Content-Type", "application/json").With("Prefer", "return-no-content");
    }
}
