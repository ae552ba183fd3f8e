using System.Globalization;
using Azure;
using OpenClaw.Storage;

namespace OpenClaw.Media;

/// <summary>Bytes that an owner's files take, by the hour in which they end: what nobody takes away stops counting by itself, an upload
/// that never came to its end included. One row in the owner's partition, changed in one transaction with the file's.</summary>
internal sealed class MediaUsage
{
    public const string RowKey = "usage";

    private const long HourSeconds = 3600;

    private readonly SortedDictionary<long, long> _hours = [];
    private readonly ETag? _etag;

    /// <param name="row">Null for an owner that has none yet.</param>
    public MediaUsage(TableEntity? row, DateTimeOffset now)
    {
        _etag = row?.ETag;
        Change = row?.GetString("Change");
        foreach (var entry in (row?.GetString("Hours") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            var hour = long.Parse(entry.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture);
            if (hour * HourSeconds > now.ToUnixTimeSeconds())
            {
                _hours[hour] = long.Parse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>Name of the change that wrote the row last.</summary>
    public string? Change { get; }

    public long Bytes => _hours.Values.Sum();

    /// <param name="until">When the bytes stop counting, rounded up to the hour.</param>
    /// <param name="bytes">Less than zero takes away.</param>
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
    public void WriteTo(TableBatch batch, string partition, string change)
    {
        var row = new TableEntity(partition, RowKey)
        {
            ["Hours"] = string.Join(' ', _hours.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Key}:{h.Value}"))),
            ["Change"] = change,
        };
        _ = _etag is { } etag ? batch.Replace(row, etag) : batch.Insert(row);
    }
}
