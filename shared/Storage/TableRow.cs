using Azure;

namespace OpenClaw.Storage;

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
    /// <summary>A row to be written.</summary>
    /// <exception cref="StorageLimitException">A key is longer than <see cref="StorageLimits.KeyChars"/> or holds <c>/ \ # ?</c> or a control character.</exception>
    protected TableRow(string partitionKey, string rowKey)
        : this(new TableEntity(partitionKey, rowKey))
    {
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

    /// <summary>Of the own properties.</summary>
    protected IEnumerable<string> PropertyNames => Entity.Properties.Keys;

    private protected TableEntity CopyEntity()
    {
        var copy = new TableEntity(PartitionKey, RowKey);
        foreach (var (name, value) in Entity.Properties)
        {
            copy[name] = value;
        }

        return copy;
    }

    protected object? this[string name]
    {
        get => Entity[name];
        set => Entity[name] = value;
    }

    protected string? Text(string name) => Entity.GetString(name);

    protected int? Int(string name) => Entity.GetInt32(name);

    protected long? Long(string name) => Entity.GetInt64(name);

    protected bool Flag(string name) => Entity.GetBoolean(name) == true;

    protected DateTimeOffset? Time(string name) => Entity.GetDateTimeOffset(name);

    protected byte[]? Bytes(string name) => Entity.GetBytes(name);
}
