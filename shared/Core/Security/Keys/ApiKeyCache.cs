using System.Collections.Concurrent;
using Azure;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Storage;
using OpenClaw.Telemetry;

namespace OpenClaw.Security.Keys;

/// <summary>Keys as this instance knows them: at most five seconds old, so that a revocation holds everywhere within them. A key in use is
/// read again before that, behind the request. While storage is down a known key holds for a minute. Notes when keys were used, in
/// batches.</summary>
public sealed partial class ApiKeyCache(GatewayStorage storage, TimeProvider time, ILogger<ApiKeyCache> logger) : IAsyncDisposable
{
    public const string TableName = "keys";

    private const int MaxKnown = 10_000;

    private static readonly TimeSpan RefreshAge = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxAgeWithoutStorage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>When ids were looked up that do not exist. Apart from the keys, so that made-up ids cannot displace them.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _missing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<ApiKey?>> _loading = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);
    private readonly Lock _timerLock = new();
    private readonly Outage _outage = new();
    private ITimer? _timer;

    /// <summary>The key of this id; null when there is none.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>: it is not known, or not freshly enough.</exception>
    public async ValueTask<ApiKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!storage.IsConfigured)
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
            age = time.GetUtcNow() - known.At;
            if (age.Duration() < MaxAge)
            {
                if (age >= RefreshAge)
                {
                    _ = LoadOnceAsync(id);
                }

                return known.Key;
            }
        }

        try
        {
            return await LoadOnceAsync(id).WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (
            failure is StorageException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return known is { Key: var key } && age.Duration() < MaxAgeWithoutStorage
                ? key
                : throw failure as StorageException ?? new GatewayException(GatewayError.StorageUnavailable(), failure);
        }
    }

    /// <summary>Whether this instance has read a key of this id, however long ago. Reads no storage.</summary>
    public bool IsKnown(string id) => _known.ContainsKey(id);

    /// <summary>Takes what was just written.</summary>
    internal void Learn(ApiKey key) => Keep(key, time.GetUtcNow());

    /// <summary>Notes that a key was used now.</summary>
    public void Touch(ApiKey key)
    {
        _used[key.Id] = time.GetUtcNow();
        if (_timer is null)
        {
            lock (_timerLock)
            {
                _timer ??= time.CreateTimer(static cache => _ = ((ApiKeyCache)cache!).WriteUseAsync(), this, NoteInterval, NoteInterval);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
            await WriteUseAsync();
        }
    }

    /// <summary>One read per id at a time.</summary>
    private Task<ApiKey?> LoadOnceAsync(string id) => _loading.GetOrAdd(id, static (key, cache) => cache.LoadAsync(key), this);

    private async Task<ApiKey?> LoadAsync(string id)
    {
        await Task.Yield(); // the task is in the list before it can leave it
        var at = time.GetUtcNow();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var row = await storage.Table(TableName).GetAsync<ApiKeyRow>(ApiKeyRow.Partition, id, patience.Token);
            if (row?.ToKey() is { } key)
            {
                Keep(key, at);
                return key;
            }

            Miss(id, at);
            return null;
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

    private void Keep(ApiKey key, DateTimeOffset at)
    {
        if (_known.Count >= MaxKnown)
        {
            foreach (var (id, old) in _known)
            {
                if ((time.GetUtcNow() - old.At).Duration() >= MaxAgeWithoutStorage)
                {
                    _known.TryRemove(id, out _);
                }
            }
        }

        _missing.TryRemove(key.Id, out _);
        _known.AddOrUpdate(key.Id, new Known(key, at), (_, old) => old.At > at ? old : new Known(key, at));
    }

    private void Miss(string id, DateTimeOffset at)
    {
        if (_missing.Count >= MaxKnown)
        {
            _missing.Clear();
        }

        if (!_known.TryGetValue(id, out var old) || (old.At <= at && _known.TryRemove(KeyValuePair.Create(id, old))))
        {
            _missing[id] = at;
        }
    }

    private async Task WriteUseAsync()
    {
        foreach (var (id, at) in _used.ToArray())
        {
            _used.TryRemove(KeyValuePair.Create(id, at));
            try
            {
                await storage.Table(TableName).MergeAsync(ApiKeyRow.Used(id, at), ETag.All, CancellationToken.None);
            }
            catch (StorageException gone) when (gone.Status == 404)
            {
                // The key was deleted.
            }
            catch (Exception failure)
            {
                // Any exception: the next tick must come, and the shutdown must go on.
                if (_outage.Begins())
                {
                    LogUnavailable(failure);
                }

                return;
            }
        }

        _outage.End();
    }

    /// <param name="At">When its reading began.</param>
    private sealed record Known(ApiKey Key, DateTimeOffset At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage does not answer about API keys")]
    private partial void LogUnavailable(Exception failure);
}
