using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Storage;

namespace OpenClaw.Sessions;

/// <summary>Sessions in Table Storage: one partition each, one run at a time, each turn one transaction fenced by the head's ETag.</summary>
public sealed partial class SessionStore(
    GatewayStorage storage, Transcript transcript, SessionPolicy policy, SessionIndex index, GatewayConfigStore config, TimeProvider time,
    ILogger<SessionStore> logger)
{
    public const string TableName = "sessions";

    private readonly LocalTurns _local = new();

    internal TimeSpan Lease => TimeSpan.FromSeconds(config.Current.Storage.LeaseSeconds);

    internal TimeProvider Time => time;

    internal SessionPolicy Policy => policy;

    internal SessionIndex Index => index;

    /// <summary>What is stored of turns, for reading.</summary>
    public Transcript Transcript => transcript;

    /// <summary>A session of its own for a conversation that nobody named.</summary>
    public static SessionKey Unnamed(Security.Caller caller, string agent, string surface) =>
        SessionKey.Of(caller, agent, $"agent:{agent}:{surface}:{RandomId.Create("")}");

    /// <summary>The session, unless there is none or it is gone.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<SessionHead?> FindAsync(SessionKey key, CancellationToken cancellationToken)
    {
        try
        {
            var row = await Table.GetAsync(key.Partition, SessionHead.RowKey, cancellationToken);
            var head = row is null ? null : SessionHead.From(row);
            return head is null || policy.IsGone(head) ? null : head;
        }
        catch (StorageException failure)
        {
            LogStorage(failure, "find", key.Partition);
            throw new GatewayException(GatewayError.StorageUnavailable(), failure);
        }
    }

    /// <summary>Whether a run held the session when its head was read.</summary>
    public bool IsHeld(SessionHead head) => head.IsHeld(Lease);

    /// <summary>Whether a run holds the session right now.</summary>
    public async Task<bool> IsHeldAsync(string partition, CancellationToken cancellationToken) =>
        await Table.GetAsync(partition, SessionHead.RowKey, cancellationToken) is { } row && SessionHead.From(row).IsHeld(Lease);

    /// <summary>Takes the session for one run: lease and intent row in one transaction, then the history.</summary>
    /// <param name="wait">How long to wait while another run holds it.</param>
    /// <exception cref="GatewayException"><c>409 session_busy</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<SessionTurn> BeginTurnAsync(SessionKey key, string runId, TimeSpan wait, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + wait;
        var local = await _local.EnterAsync(key.Partition, wait, time, cancellationToken)
            ?? throw new GatewayException(GatewayError.SessionBusy(RetryAfterBusy));
        try
        {
            var head = await TakeAsync(key, runId, deadline, cancellationToken);
            var turn = new SessionTurn(this, local, key, runId, head);
            local = null;
            await turn.LoadAsync(cancellationToken);
            return turn;
        }
        catch (StorageException failure)
        {
            LogStorage(failure, "begin", runId);
            throw new GatewayException(GatewayError.StorageUnavailable(), failure);
        }
        finally
        {
            local?.Dispose();
        }
    }

    internal static TimeSpan RetryAfterBusy => TimeSpan.FromSeconds(5);

    internal TableClient Table => storage.Table(TableName);

    private async Task<SessionHead> TakeAsync(SessionKey key, string runId, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var row = await Table.GetAsync(key.Partition, SessionHead.RowKey, cancellationToken);
            var head = row is null ? SessionHead.New(key, time.GetUtcNow()) : SessionHead.From(row);
            if (row is not null && head.LeaseRun == runId)
            {
                return head; // an earlier try of ours went through without our seeing the answer
            }

            if ((row is null || !head.IsHeld(Lease)) && await TryTakeAsync(head, runId, isNew: row is null, cancellationToken))
            {
                return head;
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

    private async Task<bool> TryTakeAsync(SessionHead head, string runId, bool isNew, CancellationToken cancellationToken)
    {
        var abandoned = head.LeaseRun;
        head.Take(runId);
        var batch = new TableBatch();
        if (isNew)
        {
            batch.Insert(head.Row);
        }
        else
        {
            batch.Replace(head.Row, head.ETag);
        }

        batch.Insert(RunRow.Started(head.Row.PartitionKey, runId, time.GetUtcNow()));
        if (abandoned is not null)
        {
            batch.Merge(RunRow.Ended(head.Row.PartitionKey, abandoned, RunRow.Interrupted, time.GetUtcNow()));
        }

        try
        {
            head.ETag = (await Table.SubmitAsync(batch, cancellationToken))[0].ETag;
            return true;
        }
        catch (StorageException conflict) when (conflict.Status is 409 or 412)
        {
            return false; // somebody was faster; the next look decides
        }
    }

    internal void LogStorageFailure(StorageException failure, string step, string runId) => LogStorage(failure, step, runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage failed at step {Step} of run {RunId}")]
    private partial void LogStorage(StorageException failure, string step, string runId);
}
