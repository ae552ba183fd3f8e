using System.Globalization;
using System.Text;
using Azure;
using Azure.Core;

namespace OpenClaw.Storage;

/// <summary>
/// Writes to one partition that all happen or none does. A row is taken as it is when it is added. Limits hold at every addition: a
/// batch that refuses one stays as it was and can still be submitted.
/// </summary>
/// <exception cref="StorageLimitException">From every addition: another partition, a row twice, more than 100 operations or 4 MiB, or an entity beyond its own limits.</exception>
public sealed class TableBatch
{
    /// <summary>Boundaries and headers of one operation, without its keys and JSON: generous, so that what fits here fits there.</summary>
    private const int OperationOverhead = 640;

    private readonly List<Operation> _operations = [];
    private readonly HashSet<string> _rowKeys = new(StringComparer.Ordinal);

    public int Count => _operations.Count;

    /// <summary>Null until the first operation is added.</summary>
    public string? PartitionKey { get; private set; }

    /// <summary>Bytes of the request so far, estimated from above; at most <see cref="StorageLimits.BatchBytes"/>.</summary>
    public int PayloadBytes { get; private set; }

    /// <summary>Fails the batch with 409 when the row exists.</summary>
    public TableBatch Insert(TableRow row) => Add(RequestMethod.Post, row, null);

    /// <summary>Inserts, or replaces whatever is there.</summary>
    public TableBatch Upsert(TableRow row) => Add(RequestMethod.Put, row, null);

    /// <summary>Fails the batch with 412 when the row has changed, 404 when it is gone; <see cref="ETag.All"/> asks only that it exists.</summary>
    public TableBatch Replace(TableRow row, ETag etag) => Add(RequestMethod.Put, row, etag);

    /// <summary>Sets the row's properties and keeps the others; inserts when <paramref name="etag"/> is null.</summary>
    public TableBatch Merge(TableRow row, ETag? etag = null) => Add(RequestMethod.Patch, row, etag);

    /// <inheritdoc cref="Replace"/>
    public TableBatch Delete(string partitionKey, string rowKey, ETag? etag = null)
    {
        StorageLimits.CheckKey(partitionKey, "The partition key");
        StorageLimits.CheckKey(rowKey, "The row key");
        return Add(new(RequestMethod.Delete, StorageTable.KeyPath(partitionKey, rowKey), [], etag ?? ETag.All), partitionKey, rowKey);
    }

    /// <summary>The request's body: one change set in a multipart batch. Only the outer request is signed.</summary>
    internal void WriteTo(PooledBuffer output, string tableUrl, string boundary)
    {
        Write(output, $"--batch_{boundary}\r\nContent-Type: multipart/mixed; boundary=changeset_{boundary}\r\n\r\n");
        foreach (var operation in _operations)
        {
            Write(output, $"--changeset_{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            Write(output, $"{operation.Method.Method} {tableUrl}{operation.KeyPath} HTTP/1.1\r\nAccept: {TableJson.ContentType}\r\n");
            Write(output, "Content-Type: application/json\r\nPrefer: return-no-content\r\nDataServiceVersion: 3.0;\r\n");
            if (operation.ETag is { } etag)
            {
                Write(output, $"If-Match: {StorageRequest.Format(etag)}\r\n");
            }

            Write(output, "\r\n");
            operation.Json.CopyTo(output.GetSpan(operation.Json.Length));
            output.Advance(operation.Json.Length);
            Write(output, "\r\n");
        }

        Write(output, $"--changeset_{boundary}--\r\n--batch_{boundary}--\r\n");
    }

    private static void Write(PooledBuffer output, string text) =>
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private TableBatch Add(RequestMethod method, TableRow row, ETag? etag)
    {
        TableEntitySize.Check(row.Entity);
        using var json = new PooledBuffer(1024);
        TableJson.Write(json, row.Entity);
        var keyPath = method == RequestMethod.Post ? "" : StorageTable.KeyPath(row.PartitionKey, row.RowKey);
        return Add(new(method, keyPath, json.Memory.ToArray(), etag), row.PartitionKey, row.RowKey);
    }

    private TableBatch Add(Operation operation, string partitionKey, string rowKey)
    {
        var payload = PayloadBytes + operation.Json.Length + operation.KeyPath.Length + OperationOverhead;
        if (operation.ETag is { } etag)
        {
            StorageRequest.Format(etag);
        }

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
        _operations.Add(operation);
        return this;
    }

    private readonly record struct Operation(RequestMethod Method, string KeyPath, byte[] Json, ETag? ETag);
}
