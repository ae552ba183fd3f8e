namespace OpenClaw.Storage;

/// <summary>
/// Bytes an entity counts for the 1 MiB limit: 4 + 2 × UTF-16 characters of both keys + per property 8 + 2 × characters of its name + its
/// value (text 4 + 2 × characters, binary 4 + bytes, Int32 4, Boolean 1, Guid 16, all else 8).
/// Source: Azure Storage team, "How to calculate entity size" (Windows Azure Storage: understanding capacity, entities).
/// </summary>
public static class TableEntitySize
{
    public static int Of(TableRow row) => Of(row.Entity);

    internal static int Of(TableEntity entity)
    {
        var size = Of(entity.PartitionKey, entity.RowKey);
        foreach (var (name, value) in (Dictionary<string, object>)entity.Properties)
        {
            size += OfProperty(name, value);
        }

        return size;
    }

    /// <summary>An entity without own properties.</summary>
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

    /// <exception cref="StorageLimitException">The entity is larger than <see cref="StorageLimits.EntityBytes"/>.</exception>
    internal static void Check(TableEntity entity)
    {
        var size = Of(entity);
        if (size > StorageLimits.EntityBytes)
        {
            throw new StorageLimitException($"The entity counts {size} bytes; the limit is {StorageLimits.EntityBytes}.");
        }
    }
}
