using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Storage;

namespace OpenClaw.Devices;

/// <summary>Writes when a device was last seen: at most once in five minutes for each device and instance, in the background. An error
/// costs nothing but the time.</summary>
public sealed partial class DeviceSightings(GatewayStorage storage, TimeProvider time, ILogger<DeviceSightings> logger)
{
    private const int MaxKnown = 10_000;

    /// <summary>How exact the time is.</summary>
    public static readonly TimeSpan Precision = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _written = new(StringComparer.Ordinal);

    /// <summary>The device has shown its token, or is connected. Returns at once.</summary>
    public void Note(Device device)
    {
        var now = time.GetUtcNow();
        if (now - device.LastSeenAt < Precision || (_written.TryGetValue(device.Id, out var last) && now - last < Precision))
        {
            return;
        }

        if (_written.Count >= MaxKnown)
        {
            _written.Clear();
        }

        _written[device.Id] = now;
        _ = WriteAsync(device.Id, now);
    }

    private async Task WriteAsync(string id, DateTimeOffset at)
    {
        try
        {
            await storage.Table(DeviceCache.TableName).MergeAsync(DeviceRow.Seen(id, at), Azure.ETag.All, CancellationToken.None);
        }
        catch (StorageException failure)
        {
            LogNotWritten(failure.Message); // 404: it was removed meanwhile
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The time when a device was last seen could not be written: {Reason}")]
    private partial void LogNotWritten(string reason);
}
