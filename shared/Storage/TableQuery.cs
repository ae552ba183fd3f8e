using System.Globalization;
using System.Text;

namespace OpenClaw.Storage;

/// <summary>Which rows to read, in ascending order of partition key and row key. Without a partition key the whole table is scanned.</summary>
public sealed record TableQuery
{
    public string? PartitionKey { get; init; }

    /// <summary>First row key, itself included.</summary>
    public string? RowKeyFrom { get; init; }

    /// <summary>End of the row keys, itself excluded.</summary>
    public string? RowKeyTo { get; init; }

    public TableFilter? Filter { get; init; }

    /// <summary>Most rows: of the whole enumeration for <c>QueryAsync</c>, of the page for <c>QueryPageAsync</c> (1,000 at most).</summary>
    public int? Top { get; init; }

    /// <summary>Properties to return beside keys and timestamp; empty means all.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];

    /// <summary>Rows of a partition whose row key starts with a prefix.</summary>
    public static TableQuery WithPrefix(string partitionKey, string rowKeyPrefix) => new()
    {
        PartitionKey = partitionKey,
        RowKeyFrom = rowKeyPrefix,
        RowKeyTo = rowKeyPrefix.Length == 0 ? null : rowKeyPrefix[..^1] + (char)(rowKeyPrefix[^1] + 1),
    };

    internal string ToQueryString(int? top, string? continuation)
    {
        var query = new StringBuilder();
        Append(query, "$filter", FilterText());
        Append(query, "$top", top?.ToString(CultureInfo.InvariantCulture));
        if (Select.Count > 0)
        {
            foreach (var name in Select)
            {
                TableEntity.CheckName(name);
            }

            Append(query, "$select", $"PartitionKey,RowKey,Timestamp,{string.Join(',', Select)}");
        }

        if (continuation is not null)
        {
            var (partitionKey, rowKey) = TableContinuation.Read(continuation);
            Append(query, "NextPartitionKey", partitionKey);
            Append(query, "NextRowKey", rowKey);
        }

        return query.ToString();
    }

    private string? FilterText()
    {
        var text = new StringBuilder();
        Condition(text, "PartitionKey eq ", PartitionKey);
        Condition(text, "RowKey ge ", RowKeyFrom);
        Condition(text, "RowKey lt ", RowKeyTo);
        if (Filter is not null)
        {
            text.Append(text.Length == 0 ? "" : " and ").Append('(').Append(Filter.Text).Append(')');
        }

        return text.Length == 0 ? null : text.ToString();
    }

    private static void Condition(StringBuilder text, string comparison, string? key)
    {
        if (key is not null)
        {
            text.Append(text.Length == 0 ? "" : " and ").Append(comparison).Append(TableFilter.Quote(key));
        }
    }

    private static void Append(StringBuilder query, string name, string? value)
    {
        if (value is not null)
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
