using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Sessions.Journal;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>One run's hold of a session: its history, and one commit. Disposing it without a commit frees the session and leaves
/// it as it was. The protocol of a turn:
/// <code>
/// (1) wait for a place among the session's runs in this process
/// (2) read head ── held by another run, by the service's clock ──► wait, then 409 session_busy
/// (3) transaction: head (If-Match: as read) takes lease and token │ run row: running = the intent
/// (4) read history ──► the run works │ every third of the lease: replace head (If-Match) = renewal;
///      404, 412 ──► read head: another run or token = lost
/// (5) close the journal, write blobs
/// (6) transaction: head (If-Match) frees the lease and advances │ transcript rows │ run row: ended, token │ document │ reply │ inbox rows and
///     events deleted
///      ├─ done ──► signal followers, update the list of sessions
///      └─ 404, 409, 412 ──► read the run row: committed under our token = our answer was lost, done; else 409 session_lease_lost
/// </code>
/// The ETag fences against another holder. The token distinguishes our own write, whose answer was lost, from a write of another run. The
/// lease only makes other runs wait instead of failing. A process that dies after (3) leaves a lease that runs out, and an intent that
/// the next holder ends or resumes.</summary>
public sealed partial class SessionTurn : IAsyncDisposable
{
    /// <summary>How long the clean-up after a caller that has left may take.</summary>
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(8);

    private readonly SessionContext _context;
    private readonly IDisposable _local;
    private readonly TurnClaim _claim;
    private readonly SessionKey _key;
    private readonly SessionHead _head;
    private readonly string _token;
    private readonly SemaphoreSlim _headLock = new(1, 1);
    private readonly CancellationTokenSource _lost = new();
    private readonly ITimer _renewal;
    private IReadOnlyList<SystemEventRow> _events = [];

    internal SessionTurn(SessionContext context, IDisposable local, TurnClaim claim, TakenSession taken)
    {
        (_context, _local, _claim, _key, _head, _token) = (context, local, claim, claim.Key, taken.Head, taken.Head.LeaseToken!);
        Journal = new RunJournal(context, _key.Partition, RunId, taken, claim.Queued is not null, () => _ = _lost.CancelAsync());
        context.Stops.Add(RunId, Journal.Stop);
        _renewal = context.Time.CreateTimer(
            static turn => _ = ((SessionTurn)turn!).RenewAsync(), this, context.Lease / 3, context.Lease / 3);
    }

    public string RunId => _claim.RunId;

    /// <summary>The run's events, as followers on any instance read them.</summary>
    public RunJournal Journal { get; }

    /// <summary>How the run ends if nothing is committed: its state, and its end event as the engine's JSON.</summary>
    public (string State, string? End) WithoutTurn { get; set; } = (RunRow.Failed, null);

    /// <summary>True until the turn is committed or its session is freed.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>True when the session has no items since its last reset.</summary>
    public bool IsEmpty => _head.IsEmpty;

    public IReadOnlyList<ConversationItem> History { get; private set; } = [];

    /// <summary>Events that waited for a run, oldest first. The commit removes them, so the run must take them into its input.</summary>
    public IReadOnlyList<string> Events { get; private set; } = [];

    /// <summary>Fires when another run took the session over.</summary>
    public CancellationToken Lost => _lost.Token;

    internal async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            ResetWhenOver();
            var events = SessionEvents.ReadAsync(_context.Table, _key.Partition, cancellationToken);
            History = await _context.Transcript.ReadAsync(_key.Partition, _head.ContextFrom, _head.NextSeq, cancellationToken);
            _events = await events;
            Events = [.. _events.Select(row => row.EventText)];
            if (_claim.MayExist)
            {
                await Journal.ListenAsync(cancellationToken);
            }
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds the turn and frees the session, all in one transaction.</summary>
    /// <exception cref="GatewayException"><c>409 session_lease_lost</c>, <c>503 storage_unavailable</c>: nothing was added.</exception>
    public async Task CommitAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        await _headLock.WaitAsync(cancellationToken);
        try
        {
            IsOpen = false;
            await Journal.CloseAsync(cancellationToken);
            var batch = await PrepareAsync(commit, cancellationToken);
            CrashPoint.Hit("before-commit");
            await _context.Table.SubmitAsync(batch, cancellationToken);
            CrashPoint.Hit("after-commit");
        }
        catch (StorageException failure) when (failure.Status is 404 or 409 or 412)
        {
            if (!await WasCommittedAsync(cancellationToken))
            {
                await _lost.CancelAsync();
                throw new GatewayException(GatewayError.SessionLost(), failure);
            }
        }
        finally
        {
            _headLock.Release();
        }

        _context.Signals.Pulse(RunId);
        _context.Index.Note(_head);
    }

    /// <summary>Commits the output so far of a run whose caller left. Without a message or call of the model the session is
    /// unchanged.</summary>
    public async Task InterruptAsync(TurnCommit commit)
    {
        if (!commit.Items.Any(i => i is MessageItem { Role: "assistant" } or FunctionCallItem) || _lost.IsCancellationRequested)
        {
            return;
        }

        using var limit = new CancellationTokenSource(CleanUpTime);
        try
        {
            await CommitAsync(commit, limit.Token);
        }
        catch (Exception failure) when (failure is GatewayException or OperationCanceledException)
        {
            // Lost or unreachable: the lease runs out by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _renewal.DisposeAsync();
        _context.Stops.Remove(RunId, Journal.Stop);
        if (IsOpen && !_lost.IsCancellationRequested)
        {
            IsOpen = false;
            await ReleaseAsync();
        }

        await Journal.DisposeAsync();
        _local.Dispose();
        _lost.Dispose();
    }

    /// <summary>Makes the transaction of the turn; blobs are written before this returns.</summary>
    private async Task<TableBatch> PrepareAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        var partition = _key.Partition;
        var from = _head.NextSeq;
        var (rows, nextSeq) = await _context.Transcript.PrepareAsync(partition, from, RunId, commit.Items, cancellationToken);
        CrashPoint.Hit("after-blob");
        var now = _context.Time.GetUtcNow();
        _head.Advance(nextSeq, now);
        var turn = new TurnRange(partition, from, nextSeq);
        var batch = new TableBatch();
        batch.Replace(_head, _head.ETag);
        batch.Merge(RunRow.Ended(turn, RunId, commit, _token, now), Journal.Records ? Journal.RowETag : null);
        rows.ForEach(row => batch.Insert(row));
        if (commit.Document is { } make)
        {
            (await _context.Transcript.PrepareDocumentAsync(partition, make(turn), cancellationToken)).ForEach(row => batch.Upsert(row));
        }

        foreach (var waiting in _events)
        {
            batch.Delete(waiting.PartitionKey, waiting.RowKey);
        }

        _claim.Queued?.AddRemoval(batch, now);
        if (commit.Reply is { } reply && _claim.Queued is { } queued)
        {
            foreach (var row in await SessionOutbox.PrepareAsync(_context.Transcript, queued, reply, now, cancellationToken))
            {
                batch.Insert(row);
            }
        }

        return batch;
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
            batch.Replace(_head, _head.ETag);
            batch.Merge(_claim.Queued is null
                ? RunRow.Ended(_key.Partition, RunId, WithoutTurn.State, _context.Time.GetUtcNow(), WithoutTurn.End)
                : RunRow.Requeued(_key.Partition, RunId, WithoutTurn.End));
            await _context.Table.SubmitAsync(batch, limit.Token);
        }
        catch (Exception failure) when (failure is StorageException or OperationCanceledException)
        {
            _context.LogFailure(failure, "release", RunId); // the lease runs out by itself
        }
        finally
        {
            _headLock.Release();
        }
    }

    /// <summary>Reads the run row to find whether a transaction whose answer was lost went through.</summary>
    private async Task<bool> WasCommittedAsync(CancellationToken cancellationToken)
    {
        var row = await _context.Table.GetAsync<RunRow>(_key.Partition, RunRow.Key(RunId), cancellationToken);
        return row?.IsCommitted == true && row.Token == _token;
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
                _head.ETag = await _context.Table.ReplaceAsync(_head, _head.ETag, CancellationToken.None);
            }
        }
        catch (StorageException failure) when (failure.Status is 404 or 412)
        {
            await OnRenewalRefusedAsync();
        }
        catch (Exception failure)
        {
            _context.LogFailure(failure, "renew", RunId); // any exception: the next tick tries again
        }
        finally
        {
            _headLock.Release();
        }
    }

    /// <summary>Reads the head: either our own renewal went through and its answer was lost, or another run holds the session.</summary>
    private async Task OnRenewalRefusedAsync()
    {
        try
        {
            var stored = await _context.Table.GetAsync<SessionHead>(_key.Partition, SessionHead.RowKey, CancellationToken.None);
            if (stored?.IsHeldBy(RunId, _token) == true)
            {
                _head.ETag = stored.ETag;
                return;
            }
        }
        catch (Exception failure)
        {
            _context.LogFailure(failure, "renew", RunId);
            return;
        }

        await _lost.CancelAsync();
    }
}
