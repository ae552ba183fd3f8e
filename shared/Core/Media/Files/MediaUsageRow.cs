using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Media.Files;

/// <summary>Bytes that an owner's files take, by the hour in which they end: what nobody takes away stops counting by itself, an upload
/// that never came to its end included. One row in the owner's partition, changed in one transaction with the file's.</summary>
internal sealed class MediaUsageRow : TableRow, ITableRow<MediaUsageRow>
{
    public new const string RowKey = "usage";

    private const long HourSeconds = 3600;

    private readonly SortedDictionary<long, long> _hours = [];

    private MediaUsageRow(TableEntity entity)
        : base(entity)
    {
        foreach (var entry in (Text("Hours") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            _hours[long.Parse(entry.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture)] =
                long.Parse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Of an owner that has none yet.</summary>
    public MediaUsageRow(string partition)
        : base(partition, RowKey)
    {
    }

    /// <summary>Name of the change that wrote the row last.</summary>
    public string? Change => Text("Change");

    public long Total => _hours.Values.Sum();

    public static MediaUsageRow Read(TableEntity entity, StorageClock clock) => new(entity);

    /// <summary>Forgets hours that are over.</summary>
    public void Expire(DateTimeOffset now)
    {
        foreach (var hour in _hours.Keys.TakeWhile(hour => hour * HourSeconds <= now.ToUnixTimeSeconds()).ToList())
        {
            _hours.Remove(hour);
        }
    }

    /// <param name="until">When the bytes stop counting, rounded up to the hour.</param>
    /// <param name="bytes">May be negative.</param>
    public void Add(DateTimeOffset until, long bytes)
    {
        var hour = (until.ToUnixTimeSeconds() / HourSeconds) + 1;
        var sum = _hours.GetValueOrDefault(hour) + bytes;
        if (sum > 0)
        {
            _hours[hour] = sum;
        }
        else
        {
            _hours.Remove(hour);
        }
    }

    /// <summary>Adds the row to a batch that fails when another change was faster.</summary>
    public void WriteTo(TableBatch batch, string change)
    {
        this["Hours"] = string.Join(' ', _hours.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Key}:{h.Value}")));
        this["Change"] = change;
        _ = ETag == default ? batch.Insert(this) : batch.Replace(this, ETag);
    }
}
