using OpenClaw.Errors;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>Changes of a session other than a commit. Each is one transaction, fenced by the head's ETag.</summary>
public sealed partial class SessionTurn
{
    /// <summary>The session's own model; null is the agent's.</summary>
    public string? Model => _head.Model;

    public string? Thinking => _head.Thinking;

    /// <summary>The session's head, as it was last stored or changed.</summary>
    public SessionHead Head => _head;

    /// <summary>Begins a new epoch; stored with the turn.</summary>
    public void Reset()
    {
        _head.Reset(_context.Time.GetUtcNow(), forget: false);
        History = [];
    }

    /// <summary>Puts a summary in place of the history. The session stays held.</summary>
    /// <exception cref="GatewayException"><c>409 session_lease_lost</c>, <c>503 storage_unavailable</c>: nothing has changed.</exception>
    public async Task CompactAsync(CompactionItem summary, CancellationToken cancellationToken)
    {
        await StoreAsync([summary], head => head.BeginContext(head.NextSeq), free: false, cancellationToken);
        History = [summary];
    }

    /// <summary>Changes the head and frees the session.</summary>
    /// <exception cref="GatewayException"><c>409 session_lease_lost</c>, <c>503 storage_unavailable</c>: nothing has changed.</exception>
    public Task ChangeAsync(Action<SessionHead> change, CancellationToken cancellationToken) =>
        StoreAsync([], change, free: true, cancellationToken);

    private void ResetWhenOver()
    {
        if (_context.Policy.IsOver(_head))
        {
            _head.Reset(_context.Time.GetUtcNow(), forget: _context.Policy.IsGone(_head));
        }
    }

    private async Task StoreAsync(
        IReadOnlyList<ConversationItem> items, Action<SessionHead> change, bool free, CancellationToken cancellationToken)
    {
        await _headLock.WaitAsync(cancellationToken);
        var before = _head.Copy();
        var batch = new TableBatch();
        try
        {
            var (rows, nextSeq) = await _context.Transcript.PrepareAsync(_key.Partition, _head.NextSeq, RunId, items, cancellationToken);
            change(_head);
            _head.NextSeq = nextSeq;
            if (free)
            {
                _head.Free();
            }

            batch.Replace(_head, _head.ETag);
            if (free)
            {
                batch.Merge(RunRow.Changed(_key.Partition, RunId, _token, _context.Time.GetUtcNow()));
            }

            rows.ForEach(row => batch.Insert(row));
            _head.ETag = (await _context.Table.SubmitAsync(batch, cancellationToken))[0];
            IsOpen = !free;
        }
        catch (StorageException failure) when (failure.Status is 404 or 409 or 412)
        {
            if (!await WasStoredAsync(free, cancellationToken))
            {
                _head.Restore(before);
                await _lost.CancelAsync();
                throw new GatewayException(GatewayError.SessionLost(), failure);
            }

            IsOpen = !free;
        }
        catch (StorageException)
        {
            _head.Restore(before);
            throw;
        }
        finally
        {
            _headLock.Release();
        }

        _context.Index.Note(_head);
    }

    /// <summary>Reads the run row, or the head, to find whether a transaction whose answer was lost went through.</summary>
    private async Task<bool> WasStoredAsync(bool free, CancellationToken cancellationToken)
    {
        if (free)
        {
            return await WasCommittedAsync(cancellationToken);
        }

        var stored = await _context.Table.GetAsync<SessionHead>(_key.Partition, SessionHead.RowKey, cancellationToken);
        if (stored?.IsHeldBy(RunId, _token) != true || stored.NextSeq != _head.NextSeq || stored.ContextFrom != _head.ContextFrom)
        {
            return false;
        }

        _head.ETag = stored.ETag;
        return true;
    }
}
