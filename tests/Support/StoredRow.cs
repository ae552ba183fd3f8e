using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Tests.Support;

/// <summary>Any row of any table, as tests write and read it.</summary>
public sealed class StoredRow : TableRow, ITableRow<StoredRow>
{
    public StoredRow(string partitionKey, string rowKey)
        : base(partitionKey, rowKey)
    {
    }

    private StoredRow(TableEntity entity, StorageClock clock)
        : base(entity) => Clock = clock;

    /// <summary>The service's clock when the row was read.</summary>
    public StorageClock Clock { get; }

    public new object? this[string name]
    {
        get => base[name];
        set => base[name] = value;
    }

    public static StoredRow Read(TableEntity entity, StorageClock clock) => new(entity, clock);

    /// <summary>Names of the own properties.</summary>
    public IReadOnlyCollection<string> Names => [.. Properties.Select(p => p.Key)];

    public string? GetString(string name) => Text(name);

    public byte[]? GetBytes(string name) => Bytes(name);

    public int? GetInt32(string name) => Int(name);

    public long? GetInt64(string name) => Long(name);

    public double? GetDouble(string name) => (double?)base[name];

    public bool? GetBoolean(string name) => (bool?)base[name];

    public DateTimeOffset? GetDateTimeOffset(string name) => Time(name);
}

/// <summary>Reads rows whatever they are.</summary>
public static class StoredRows
{
    public static Task<StoredRow?> GetAsync(
        this StorageTable table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        table.GetAsync<StoredRow>(partitionKey, rowKey, cancellationToken);

    public static IAsyncEnumerable<StoredRow> QueryAsync(this StorageTable table, TableQuery query, CancellationToken cancellationToken) =>
        table.QueryAsync<StoredRow>(query, cancellationToken);

    public static Task<TablePage<StoredRow>> QueryPageAsync(
        this StorageTable table, TableQuery query, string? continuation, CancellationToken cancellationToken) =>
        table.QueryPageAsync<StoredRow>(query, continuation, cancellationToken);
}
