namespace OpenClaw.Storage;

/// <summary>Asks whether storage answers, at most once per few seconds however many ask.</summary>
public sealed class StorageProbe(GatewayStorage storage, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private bool _last;
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;

    /// <summary>True when a read came back, whatever it found; false when none is configured or nothing answers.</summary>
    public async Task<bool> IsReachableAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _askedAt > Fresh)
            {
                _last = storage.IsConfigured && await AskAsync(cancellationToken);
                _askedAt = time.GetUtcNow();
            }

            return _last;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Whether storage takes connections within 3 s. One that does and does not answer is slow, not gone.</summary>
    public async Task<bool> AcceptsConnectionsAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return storage.IsConfigured && await storage.AcceptsConnectionsAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await storage.Table("sessions").PingAsync(limit.Token);
            return true;
        }
        catch (Exception failure) when (
            failure is StorageException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
