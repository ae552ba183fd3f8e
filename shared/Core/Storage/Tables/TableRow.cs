using Azure;
using Azure.Data.Tables;

namespace OpenClaw.Storage.Tables;

/// <summary>A row that a table can read back: its typed face over the stored properties.</summary>
/// <typeparam name="TSelf">The row itself.</typeparam>
public interface ITableRow<TSelf>
    where TSelf : ITableRow<TSelf>
{
    /// <param name="entity">As it was read.</param>
    /// <param name="clock">The service's clock at that moment.</param>
    static abstract TSelf Read(TableEntity entity, StorageClock clock);
}

/// <summary>
/// The base of all rows: the one place, beside the rows themselves, that knows how a table holds values. Setting null removes a property.
/// A number that was stored as Int32 is read as Int64 too.
/// </summary>
public abstract class TableRow
{
    private const string ETagColumn = "odata.etag";

    /// <summary>A row to be written.</summary>
    /// <exception cref="StorageLimitException">A key is longer than <see cref="StorageLimits.KeyChars"/> or holds <c>/ \ # ?</c> or a
    /// control character.</exception>
    protected TableRow(string partitionKey, string rowKey)
    {
        StorageLimits.CheckKey(partitionKey, "The partition key");
        StorageLimits.CheckKey(rowKey, "The row key");
        Entity = new TableEntity(partitionKey, rowKey);
    }

    /// <summary>A row that was read.</summary>
    protected TableRow(TableEntity entity)
    {
        Entity = entity;
        ETag = entity.ETag;
    }

    public string PartitionKey => Entity.PartitionKey;

    public string RowKey => Entity.RowKey;

    /// <summary>The version that was read, or written since; empty on a row that was neither.</summary>
    public ETag ETag { get; set; }

    /// <summary>When the service last wrote it; null on a row that was not read.</summary>
    public DateTimeOffset? Timestamp => Entity.Timestamp;

    internal TableEntity Entity { get; private protected set; }

    /// <summary>The own properties: without keys, timestamp and version.</summary>
    protected internal IEnumerable<KeyValuePair<string, object>> Properties => PropertiesOf(Entity);

    internal static IEnumerable<KeyValuePair<string, object>> PropertiesOf(TableEntity entity) =>
        entity.Where(p => p is { Key: not ("PartitionKey" or "RowKey" or "Timestamp" or ETagColumn), Value: not null });

    protected object? this[string name]
    {
        get => Entity.TryGetValue(name, out var value) ? value : null;
        set
        {
            if (value is null)
            {
                Entity.Remove(name);
            }
            else
            {
                Entity[name] = value;
            }
        }
    }

    protected string? Text(string name) => Get<string>(name);

    protected int? Int(string name) => Get<int?>(name);

    protected long? Long(string name) => this[name] is int number ? number : Get<long?>(name);

    protected bool Flag(string name) => Get<bool?>(name) == true;

    protected DateTimeOffset? Time(string name) => Get<DateTimeOffset?>(name);

    protected byte[]? Bytes(string name) => Get<byte[]>(name);

    private protected TableEntity CopyEntity() => new(Entity);

    private T? Get<T>(string name) => this[name] switch
    {
        null => default,
        T value => value,
        var other => throw new InvalidOperationException($"Property {name} holds {other.GetType().Name}, not {typeof(T).Name}."),
    };
}
