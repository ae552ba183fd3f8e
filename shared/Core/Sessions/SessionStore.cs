using Azure;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Sessions.Journal;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Sessions;

/// <summary>Sessions in Table Storage: one partition each, one run at a time, each turn one transaction fenced by the head's
/// ETag.</summary>
public sealed partial class SessionStore(
    GatewayStorage storage, Transcript transcript, SessionPolicy policy, SessionIndex index, GatewayConfigStore config, TimeProvider time,
    ILogger<SessionStore> logger)
{
    public const string TableName = "sessions";

    private readonly LocalTurns _local = new();
    private readonly LocalStops _stops = new();

    private TimeSpan Lease => TimeSpan.FromSeconds(config.Current.Storage.LeaseSeconds);

    /// <summary>Signals for followers of the runs of this process.</summary>
    public RunSignals Signals { get; } = new();

    /// <summary>The stored turns, for reading.</summary>
    public Transcript Transcript => transcript;

    /// <summary>A new session for a conversation without a name.</summary>
    public static SessionKey Unnamed(Security.Caller caller, string agent, string surface) =>
        SessionKey.Of(caller, agent, $"agent:{agent}:{surface}:{RandomId.Create("")}");

    /// <summary>The session; null when there is none, or it was deleted or has expired.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<SessionHead?> FindAsync(SessionKey key, CancellationToken cancellationToken) =>
        await ReadHeadAsync(key.Partition, cancellationToken) is { } head && !policy.IsGone(head) ? head : null;

    /// <summary>Whether a run held the session when its head was read.</summary>
    public bool IsHeld(SessionHead head) => head.IsHeld(Lease);

    /// <summary>Whether a run holds the session right now.</summary>
    public async Task<bool> IsHeldAsync(string partition, CancellationToken cancellationToken) =>
        await ReadHeadAsync(partition, cancellationToken) is { } head && head.IsHeld(Lease);

    /// <summary>Takes the session for a run that cannot exist yet.</summary>
    /// <exception cref="GatewayException"><c>409 session_busy</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<SessionTurn> BeginNewTurnAsync(SessionKey key, TimeSpan wait, CancellationToken cancellationToken) =>
        await BeginTurnAsync(new TurnClaim(key, RunId.New(key), wait), cancellationToken)
            ?? throw new InvalidOperationException("A new run cannot have ended.");

    /// <summary>Takes the session for one run: lease and intent row in one transaction, then the history.</summary>
    /// <returns>Null when the run has ended already.</returns>
    /// <exception cref="GatewayException"><c>409 session_busy</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<SessionTurn?> BeginTurnAsync(TurnClaim claim, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + claim.Wait;
        var local = await _local.EnterAsync(claim.Key.Partition, claim.Wait, time, cancellationToken)
            ?? throw new GatewayException(GatewayError.SessionBusy(RetryAfterBusy));
        try
        {
            if (await TakeAsync(claim, deadline, cancellationToken) is not { } taken)
            {
                return null;
            }

            CrashPoint.Hit("after-intent");
            var turn = new SessionTurn(
                new(Table, transcript, policy, index, Signals, _stops, Lease, time, LogStorage), local, claim, taken);
            local = null;
            await turn.LoadAsync(cancellationToken);
            return turn;
        }
        finally
        {
            local?.Dispose();
        }
    }

    /// <summary>Requests that a run be cancelled, on whichever instance it is; it ends within about a second.</summary>
    public async Task RequestCancelAsync(string partition, string runId, CancellationToken cancellationToken)
    {
        await Table.UpsertAsync(new StopRow(partition, runId, time.GetUtcNow()), cancellationToken);
        _stops.Stop(runId);
    }

    /// <summary>The run that holds the session right now; null when none does.</summary>
    public async Task<string?> FindHolderAsync(string partition, CancellationToken cancellationToken) =>
        await ReadHeadAsync(partition, cancellationToken) is { } head && head.IsHeld(Lease) ? head.LeaseRun : null;

    /// <summary>The journal of a run from one batch on: JSON arrays of the engine's events, and the number of the batch after
    /// them.</summary>
    public Task<(IReadOnlyList<string> Batches, int Next)> ReadJournalAsync(
        string partition, string runId, int from, CancellationToken cancellationToken) =>
        RunJournal.ReadAsync(Table, transcript, partition, runId, from, cancellationToken);

    internal static TimeSpan RetryAfterBusy => TimeSpan.FromSeconds(5);

    private StorageTable Table => storage.Table(TableName);

    private Task<SessionHead?> ReadHeadAsync(string partition, CancellationToken cancellationToken) =>
        Table.GetAsync<SessionHead>(partition, SessionHead.RowKey, cancellationToken);

    private async Task<TakenSession?> TakeAsync(TurnClaim claim, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var partition = claim.Key.Partition;
        var token = RandomId.Create("")[..12];
        for (var attempt = 0; ; attempt++)
        {
            var stored = await ReadHeadAsync(partition, cancellationToken);
            var run = claim.MayExist ? await Table.GetAsync<RunRow>(partition, RunRow.Key(claim.RunId), cancellationToken) : null;
            if (stored?.IsHeldBy(claim.RunId, token) == true)
            {
                // An earlier try went through and its answer was lost.
                run ??= (await Table.GetAsync<RunRow>(partition, RunRow.Key(claim.RunId), cancellationToken))!;
                return new TakenSession(stored, run.ETag, run.Attempt, run.Batches);
            }

            if (run is not null && claim.IsSettled(run))
            {
                return null;
            }

            var head = stored ?? SessionHead.New(claim.Key, time.GetUtcNow());
            if (!head.IsHeld(Lease) && await TryTakeAsync(claim, head, run, token, isNew: stored is null, cancellationToken) is { } etag)
            {
                return new TakenSession(head, etag, (run?.Attempt ?? 0) + 1, run?.Batches ?? 0);
            }

            var left = deadline - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                throw new GatewayException(GatewayError.SessionBusy(RetryAfterBusy));
            }

            var pause = TimeSpan.FromMilliseconds(Random.Shared.Next(10, 40 << Math.Min(attempt, 4)));
            await Task.Delay(pause < left ? pause : left, time, cancellationToken);
        }
    }

    /// <returns>The version of the run's row; null when another run was faster.</returns>
    private async Task<ETag?> TryTakeAsync(
        TurnClaim claim, SessionHead head, RunRow? run, string token, bool isNew, CancellationToken cancellationToken)
    {
        var abandoned = head.LeaseResumes ? null : head.LeaseRun;
        head.Take(claim.RunId, token, resumes: claim.Queued is not null);
        var batch = new TableBatch();
        if (isNew)
        {
            batch.Insert(head);
        }
        else
        {
            batch.Replace(head, head.ETag);
        }

        var started = RunRow.Started(claim.Key, claim.RunId, (run?.Attempt ?? 0) + 1, time.GetUtcNow());
        if (run is null)
        {
            batch.Insert(started);
        }
        else
        {
            batch.Merge(started, run.ETag);
        }

        if (abandoned is not null && RunRow.Key(abandoned) != started.RowKey)
        {
            batch.Merge(RunRow.Ended(head.PartitionKey, abandoned, RunRow.Interrupted, time.GetUtcNow()));
        }

        try
        {
            var written = await Table.SubmitAsync(batch, cancellationToken);
            head.ETag = written[0];
            return written[1];
        }
        catch (StorageException conflict) when (conflict.Status is 404 or 409 or 412)
        {
            return null; // the next look decides
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage failed at step {Step} of run {RunId}")]
    private partial void LogStorage(Exception failure, string step, string runId);
}
