using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Storage;

namespace OpenClaw.Devices;

/// <summary>Devices as this instance knows them: at most five seconds old, so that a revocation holds everywhere within them. While storage
/// is down a known device holds for a minute.</summary>
public sealed partial class DeviceCache(GatewayStorage storage, TimeProvider time, ILogger<DeviceCache> logger)
{
    public const string TableName = "devices";

    private const int MaxKnown = 10_000;

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxAgeWithoutStorage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>When ids were looked up that no device has. Apart from the devices, so that made-up ids cannot displace them.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _missing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<Device?>> _loading = new(StringComparer.Ordinal);

    /// <summary>The device of this id; null when none is paired under it.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>: it is not known, or not freshly enough.</exception>
    public async ValueTask<Device?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!storage.IsConfigured || !DeviceIdentity.IsId(id))
        {
            return null;
        }

        if (_missing.TryGetValue(id, out var missedAt) && (time.GetUtcNow() - missedAt).Duration() < MaxAge)
        {
            return null;
        }

        var age = TimeSpan.MaxValue;
        if (_known.TryGetValue(id, out var known))
        {
            age = (time.GetUtcNow() - known.At).Duration();
            if (age < MaxAge)
            {
                return known.Device;
            }
        }

        try
        {
            return await LoadOnceAsync(id).WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (
            failure is StorageException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return known is { Device: var device } && age < MaxAgeWithoutStorage
                ? device
                : throw failure as StorageException ?? new GatewayException(GatewayError.StorageUnavailable(), failure);
        }
    }

    /// <summary>Whether this instance has read a device of this id, however long ago. Reads no storage.</summary>
    public bool IsKnown(string id) => _known.ContainsKey(id);

    /// <summary>Takes what was just written; null when the device was removed.</summary>
    internal void Learn(string id, Device? device) => Keep(id, device, time.GetUtcNow());

    /// <summary>One read per id at a time.</summary>
    private Task<Device?> LoadOnceAsync(string id) => _loading.GetOrAdd(id, static (key, cache) => cache.LoadAsync(key), this);

    private async Task<Device?> LoadAsync(string id)
    {
        await Task.Yield(); // the task is in the list before it can leave it
        var at = time.GetUtcNow();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var row = await storage.Table(TableName).GetAsync<DeviceRow>(DeviceRow.Partition, id, patience.Token);
            var device = row?.ToDevice();
            Keep(id, device, at);
            return device;
        }
        catch (Exception failure) when (failure is StorageException or OperationCanceledException)
        {
            LogUnavailable(failure);
            throw;
        }
        finally
        {
            _loading.TryRemove(id, out _);
        }
    }

    private void Keep(string id, Device? device, DateTimeOffset at)
    {
        if (device is not null)
        {
            _missing.TryRemove(id, out _);
            _known.AddOrUpdate(id, new Known(device, at), (_, old) => old.At > at ? old : new Known(device, at));
            return;
        }

        if (_missing.Count >= MaxKnown)
        {
            _missing.Clear();
        }

        if (!_known.TryGetValue(id, out var known) || (known.At <= at && _known.TryRemove(KeyValuePair.Create(id, known))))
        {
            _missing[id] = at;
        }
    }

    /// <param name="At">When its reading began.</param>
    private sealed record Known(Device Device, DateTimeOffset At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage does not answer about devices")]
    private partial void LogUnavailable(Exception failure);
}
