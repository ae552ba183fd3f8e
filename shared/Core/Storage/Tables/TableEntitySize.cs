using System.Buffers;

namespace OpenClaw.Storage.Tables;

/// <summary>
/// Bytes a row counts for the 1 MiB limit: 4 + 2 × UTF-16 characters of both keys + per property 8 + 2 × characters of its name + its
/// value (text 4 + 2 × characters, binary 4 + bytes, Int32 4, Boolean 1, Guid 16, all else 8).
/// Source: Azure Storage team, "How to calculate entity size" (Windows Azure Storage: understanding capacity, entities).
/// </summary>
internal static class TableEntitySize
{
    /// <summary>Quotes, colon, comma and type annotation of a property, and a value that is neither text nor binary.</summary>
    private const int JsonOverhead = 96;

    /// <summary>What every JSON writer leaves as it is. All else may become <c>\uXXXX</c>: in a single row, and in a batch what is
    /// beyond the basic plane.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Except("\"&'+<>\\`")]);

    public static int Of(TableRow row)
    {
        var size = Of(row.PartitionKey, row.RowKey);
        foreach (var (name, value) in row.Properties)
        {
            size += OfProperty(name, value);
        }

        return size;
    }

    /// <summary>A row without own properties.</summary>
    public static int Of(string partitionKey, string rowKey) => 4 + (2 * (partitionKey.Length + rowKey.Length));

    public static int OfProperty(string name, object value) => 8 + (2 * name.Length) + value switch
    {
        string text => 4 + (2 * text.Length),
        byte[] bytes => 4 + bytes.Length,
        int => 4,
        bool => 1,
        Guid => 16,
        _ => 8, // Int64, Double, DateTime
    };

    /// <summary>Bytes of text as it is sent; estimated from above.</summary>
    internal static int JsonOf(string text)
    {
        var rest = text.AsSpan();
        var escaped = 0;
        for (var at = rest.IndexOfAnyExcept(Plain); at >= 0; at = rest.IndexOfAnyExcept(Plain))
        {
            escaped++;
            rest = rest[(at + 1)..];
        }

        return text.Length + (5 * escaped);
    }

    /// <summary>Bytes of a row as it is sent, without its keys; estimated from above.</summary>
    internal static int JsonOf(TableRow row)
    {
        var size = 0;
        foreach (var (name, value) in row.Properties)
        {
            size += JsonOverhead + (
                2 * name.Length) + value switch { string text => JsonOf(text), byte[] bytes => bytes.Length * 4 / 3, _ => 0 };
        }

        return size;
    }

    /// <summary>Checks what the emulator does not.</summary>
    /// <exception cref="StorageLimitException">A property or the row is beyond what the service takes; see
    /// <see cref="StorageLimits"/>.</exception>
    internal static void Check(TableRow row)
    {
        var (count, size) = (0, Of(row.PartitionKey, row.RowKey));
        foreach (var (name, value) in row.Properties)
        {
            StorageLimits.CheckProperty(name, value);
            count++;
            size += OfProperty(name, value);
        }

        if (count > StorageLimits.Properties)
        {
            throw new StorageLimitException($"A row has at most {StorageLimits.Properties} properties.");
        }

        if (size > StorageLimits.EntityBytes)
        {
            throw new StorageLimitException($"The row counts {size} bytes; the limit is {StorageLimits.EntityBytes}.");
        }
    }
}
