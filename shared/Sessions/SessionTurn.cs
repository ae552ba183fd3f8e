using OpenClaw.Storage;

namespace OpenClaw.Sessions;

/// <summary>A session in the hands of one run: its history, and the one chance to add to it. Disposing without a commit frees
/// the session and leaves it as it was.</summary>
public sealed partial class SessionTurn : IAsyncDisposable
{
    /// <summary>For the clean-up after a caller that has left.</summary>
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(20);

    private readonly SessionStore _store;
    private readonly IDisposable _local;
    private readonly SessionKey _key;
    private readonly SessionHead _head;
    private readonly SemaphoreSlim _headLock = new(1, 1);
    private readonly CancellationTokenSource _lost = new();
    private readonly ITimer _renewal;

    internal SessionTurn(SessionStore store, IDisposable local, SessionKey key, string runId, SessionHead head)
    {
        (_store, _local, _key, RunId, _head) = (store, local, key, runId, head);
        _renewal = store.Time.CreateTimer(static turn => _ = ((SessionTurn)turn!).RenewAsync(), this, store.Lease / 3, store.Lease / 3);
    }

    public string RunId { get; }

    /// <summary>True while nothing decided the turn's end.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Nothing was said yet, or since the last reset.</summary>
    public bool IsEmpty => _head.IsEmpty;

    public IReadOnlyList<ConversationItem> History { get; private set; } = [];

    /// <summary>Fires when another run took the session over.</summary>
    public CancellationToken Lost => _lost.Token;

    internal async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            BeginAnewWhenOver();
            History = await _store.Transcript.ReadAsync(_key.Partition, _head.ContextFrom, _head.NextSeq, cancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds the turn and frees the session, all in one transaction.</summary>
    /// <exception cref="GatewayException"><c>409 session_lease_lost</c>, <c>503 storage_unavailable</c>: nothing was added.</exception>
    /// <param name="document">Makes a document to store with the turn, knowing where its items stand.</param>
    public async Task CommitAsync(
        IReadOnlyList<ConversationItem> items, bool completed, Func<TurnRange, StoredDocument>? document, CancellationToken cancellationToken)
    {
        await _headLock.WaitAsync(cancellationToken);
        try
        {
            IsOpen = false;
            var (rows, nextSeq) = await _store.Transcript.PrepareAsync(_key.Partition, _head.NextSeq, RunId, items, cancellationToken);
            if (document is not null)
            {
                var range = new TurnRange(_key.Partition, _head.NextSeq, nextSeq);
                rows.AddRange(await _store.Transcript.PrepareDocumentAsync(_key.Partition, document(range), cancellationToken));
            }

            var now = _store.Time.GetUtcNow();
            _head.Advance(nextSeq, now);
            var batch = new TableBatch();
            batch.Replace(_head.Row, _head.ETag);
            var run = RunRow.Ended(_key.Partition, RunId, completed ? RunRow.Completed : RunRow.Interrupted, now);
            run["Committed"] = true;
            batch.Merge(run);
            rows.ForEach(row => batch.Insert(row));
            await _store.Table.SubmitAsync(batch, cancellationToken);
        }
        catch (StorageException failure) when (failure.Status is 409 or 412)
        {
            if (!await WasCommittedAsync(cancellationToken))
            {
                await _lost.CancelAsync();
                throw new GatewayException(GatewayError.SessionLost(), failure);
            }
        }
        catch (StorageException failure)
        {
            _store.LogStorageFailure(failure, "commit", RunId);
            throw new GatewayException(GatewayError.StorageUnavailable(), failure);
        }
        finally
        {
            _headLock.Release();
        }

        _store.Index.Note(_head);
    }

    /// <summary>Keeps what there is of a run whose caller left; with no answer at all the session stays as it was.</summary>
    public async Task InterruptAsync(IReadOnlyList<ConversationItem> items, Func<TurnRange, StoredDocument>? document)
    {
        if (!items.Any(i => i is MessageItem { Role: "assistant" } or FunctionCallItem) || _lost.IsCancellationRequested)
        {
            return;
        }

        using var limit = new CancellationTokenSource(CleanUpTime);
        try
        {
            await CommitAsync(items, completed: false, document, limit.Token);
        }
        catch (GatewayException)
        {
            // Lost or unreachable: the lease runs out by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _renewal.DisposeAsync();
        if (IsOpen && !_lost.IsCancellationRequested)
        {
            IsOpen = false;
            await ReleaseAsync();
        }

        _local.Dispose();
        _lost.Dispose();
    }

    /// <summary>Frees the session without adding to it.</summary>
    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(CleanUpTime);
        await _headLock.WaitAsync(limit.Token);
        try
        {
            _head.Free();
            var batch = new TableBatch();
            batch.Replace(_head.Row, _head.ETag);
            batch.Merge(RunRow.Ended(_key.Partition, RunId, RunRow.Failed, _store.Time.GetUtcNow()));
            await _store.Table.SubmitAsync(batch, limit.Token);
        }
        catch (StorageException failure)
        {
            _store.LogStorageFailure(failure, "release", RunId); // the lease runs out by itself
        }
        finally
        {
            _headLock.Release();
        }
    }

    /// <summary>A lost answer is no lost write: the run's own row says whether the transaction went through.</summary>
    private async Task<bool> WasCommittedAsync(CancellationToken cancellationToken)
    {
        var row = await _store.Table.GetAsync(_key.Partition, RunRow.Key(RunId), cancellationToken);
        return row?.GetBoolean("Committed") == true;
    }

    private async Task RenewAsync()
    {
        if (!await _headLock.WaitAsync(0))
        {
            return; // a commit is under way
        }

        try
        {
            if (IsOpen)
            {
                _head.ETag = (await _store.Table.ReplaceAsync(_head.Row, _head.ETag, CancellationToken.None)).ETag;
            }
        }
        catch (StorageException failure) when (failure.Status is 404 or 412)
        {
            await OnRenewalRefusedAsync();
        }
        catch (StorageException failure)
        {
            _store.LogStorageFailure(failure, "renew", RunId);
        }
        finally
        {
            _headLock.Release();
        }
    }

    /// <summary>Either our own renewal went through unseen, or the session is somebody else's now.</summary>
    private async Task OnRenewalRefusedAsync()
    {
        try
        {
            var row = await _store.Table.GetAsync(_key.Partition, SessionHead.RowKey, CancellationToken.None);
            if (row is not null && row.GetString("LeaseRun") == RunId)
            {
                _head.ETag = row.ETag;
                return;
            }
        }
        catch (StorageException failure)
        {
            _store.LogStorageFailure(failure, "renew", RunId);
            return;
        }

        await _lost.CancelAsync();
    }
}
