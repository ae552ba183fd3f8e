using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace OpenClaw.Storage.Tables;

/// <summary>
/// Writes to one partition that all happen or none does. A row is written as it is when the batch is submitted. Limits hold at every
/// addition: a
/// batch that refuses one stays as it was and can still be submitted.
/// </summary>
/// <exception cref="StorageLimitException">From every addition: another partition, a row twice, more than 100 operations or 4 MiB, or a
/// row beyond its own limits.</exception>
public sealed class TableBatch
{
    /// <summary>Boundaries and headers of one operation, without its keys and JSON: generous, so that what fits here fits there.</summary>
    private const int OperationOverhead = 640;

    private readonly List<TableTransactionAction> _actions = [];
    private readonly HashSet<string> _rowKeys = new(StringComparer.Ordinal);

    public int Count => _actions.Count;

    /// <summary>Null until the first operation is added.</summary>
    public string? PartitionKey { get; private set; }

    /// <summary>Bytes of the request so far, estimated from above; at most <see cref="StorageLimits.BatchBytes"/>.</summary>
    public int PayloadBytes { get; private set; }

    internal IReadOnlyList<TableTransactionAction> Actions => _actions;

    /// <summary>Whether one more row of this size can be added. The row must be within its own limits.</summary>
    public bool HasRoomFor(TableRow row) => Count < StorageLimits.BatchOperations
        && PayloadWith(row.Entity, TableEntitySize.JsonOf(row)) <= StorageLimits.BatchBytes;

    /// <summary>Fails the batch with 409 when the row exists.</summary>
    public TableBatch Insert(TableRow row) => Add(TableTransactionActionType.Add, row, null);

    /// <summary>Inserts, or replaces whatever is there.</summary>
    public TableBatch Upsert(TableRow row) => Add(TableTransactionActionType.UpsertReplace, row, null);

    /// <summary>Fails the batch with 412 when the row has changed, 404 when it no longer exists; <see cref="ETag.All"/> asks only that it
    /// exists.</summary>
    public TableBatch Replace(TableRow row, ETag etag) => Add(TableTransactionActionType.UpdateReplace, row, etag);

    /// <summary>Sets the row's properties and keeps the others; inserts when <paramref name="etag"/> is null.</summary>
    public TableBatch Merge(TableRow row, ETag? etag = null) =>
        Add(etag is null ? TableTransactionActionType.UpsertMerge : TableTransactionActionType.UpdateMerge, row, etag);

    /// <inheritdoc cref="Replace"/>
    public TableBatch Delete(string partitionKey, string rowKey, ETag? etag = null)
    {
        StorageLimits.CheckKey(partitionKey, "The partition key");
        StorageLimits.CheckKey(rowKey, "The row key");
        return Add(TableTransactionActionType.Delete, new TableEntity(partitionKey, rowKey), etag ?? ETag.All, 0);
    }

    /// <summary>An empty version would be sent as no condition at all.</summary>
    internal static void CheckETag(ETag? etag)
    {
        if (etag == default(ETag))
        {
            throw new ArgumentException("The ETag is empty: it must come from a read or a write, or be ETag.All.", nameof(etag));
        }
    }

    private int PayloadWith(TableEntity entity, int bytes) =>
        PayloadBytes + bytes + (3 * (entity.PartitionKey.Length + entity.RowKey.Length)) + OperationOverhead;

    private TableBatch Add(TableTransactionActionType type, TableRow row, ETag? etag)
    {
        TableEntitySize.Check(row);
        return Add(type, row.Entity, etag, TableEntitySize.JsonOf(row));
    }

    private TableBatch Add(TableTransactionActionType type, TableEntity entity, ETag? etag, int bytes)
    {
        CheckETag(etag);
        var (partitionKey, rowKey) = (entity.PartitionKey, entity.RowKey);
        var payload = PayloadWith(entity, bytes);
        if (PartitionKey is not null && !string.Equals(PartitionKey, partitionKey, StringComparison.Ordinal))
        {
            throw new StorageLimitException("All operations of a batch must be in one partition.");
        }

        if (Count == StorageLimits.BatchOperations)
        {
            throw new StorageLimitException($"A batch has at most {StorageLimits.BatchOperations} operations.");
        }

        if (payload > StorageLimits.BatchBytes)
        {
            throw new StorageLimitException(string.Create(
                CultureInfo.InvariantCulture, $"The batch would have {payload} bytes; the limit is {StorageLimits.BatchBytes}."));
        }

        if (!_rowKeys.Add(rowKey))
        {
            throw new StorageLimitException("A batch can write a row only once.");
        }

        PartitionKey = partitionKey;
        PayloadBytes = payload;
        _actions.Add(new TableTransactionAction(type, entity, etag ?? default));
        return this;
    }
}
