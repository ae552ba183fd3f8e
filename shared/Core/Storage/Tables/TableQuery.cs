using Azure.Data.Tables;

namespace OpenClaw.Storage.Tables;

/// <summary>Which rows to read, in ascending order of partition key and row key. Without a partition key the whole table is
/// scanned.</summary>
public sealed record TableQuery
{
    private static readonly string[] KeyColumns = ["PartitionKey", "RowKey", "Timestamp"];

    public string? PartitionKey { get; init; }

    /// <summary>First row key, itself included.</summary>
    public string? RowKeyFrom { get; init; }

    /// <summary>End of the row keys, itself excluded.</summary>
    public string? RowKeyTo { get; init; }

    /// <summary>An OData condition; see <see cref="Where"/>.</summary>
    public string? Filter { get; init; }

    /// <summary>Most rows: of the whole enumeration for <c>QueryAsync</c>, of the page for <c>QueryPageAsync</c> (1,000 at most).</summary>
    public int? Top { get; init; }

    /// <summary>Properties to return beside keys and timestamp; empty means all.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];

    internal IEnumerable<string>? Columns => Select.Count == 0 ? null : KeyColumns.Concat(Select);

    /// <summary>Rows of a partition whose row key starts with a prefix.</summary>
    public static TableQuery WithPrefix(string partitionKey, string rowKeyPrefix) => new()
    {
        PartitionKey = partitionKey,
        RowKeyFrom = rowKeyPrefix,
        RowKeyTo = rowKeyPrefix.Length == 0 ? null : rowKeyPrefix[..^1] + (char)(rowKeyPrefix[^1] + 1),
    };

    /// <summary>An OData condition such as <c>$"State eq {state} and At lt {now}"</c>, its values quoted so that none can end its own
    /// quotes.</summary>
    public static string Where(FormattableString condition) => TableClient.CreateQueryFilter(condition);

    internal string? ToFilter()
    {
        var conditions = new List<string>(4);
        if (PartitionKey is not null)
        {
            conditions.Add(Where($"PartitionKey eq {PartitionKey}"));
        }

        if (RowKeyFrom is not null)
        {
            conditions.Add(Where($"RowKey ge {RowKeyFrom}"));
        }

        if (RowKeyTo is not null)
        {
            conditions.Add(Where($"RowKey lt {RowKeyTo}"));
        }

        if (Filter is not null)
        {
            conditions.Add($"({Filter})");
        }

        return conditions.Count == 0 ? null : string.Join(" and ", conditions);
    }
}
