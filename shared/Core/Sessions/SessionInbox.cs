using OpenClaw.Sessions.Outbox;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>Requests that were accepted and wait in their session, in order. Accepting is one transaction. The transaction that ends
/// the run removes the request.</summary>
public sealed class SessionInbox(GatewayStorage storage, Transcript transcript, TimeProvider time)
{
    private const int RequestParts = 8;

    private StorageTable Table => storage.Table(SessionStore.TableName);

    /// <summary>Accepts a run.</summary>
    /// <param name="documents">Documents to store with it.</param>
    /// <param name="eventId">The sender's id of the event: the same event is accepted once. Null when it can come only once.</param>
    /// <returns>The id of the run: this one's, or that of the same event accepted before.</returns>
    public async Task<string> AcceptAsync(
        QueuedRun run, IReadOnlyList<StoredDocument> documents, string? eventId, CancellationToken cancellationToken)
    {
        var partition = run.Session.Partition;
        var request = await transcript.PrepareDocumentAsync(
            partition, new StoredDocument(run.DocumentKey, run.Request, new Dictionary<string, object>()), cancellationToken, RequestParts);
        var batch = new TableBatch();
        batch.Insert(InboxRow.Of(run, request.Count));
        batch.Insert(RunRow.Accepted(run));
        List<string> eventIds = eventId is null ? [] : [eventId, .. run.OtherEventIds];
        eventIds.ForEach(id => batch.Insert(new SeenRow(partition, id, run.RunId, time.GetUtcNow())));

        request.ForEach(row => batch.Insert(row));
        foreach (var document in documents)
        {
            (await transcript.PrepareDocumentAsync(partition, document, cancellationToken)).ForEach(row => batch.Insert(row));
        }

        try
        {
            await Table.SubmitAsync(batch, cancellationToken);
            return run.RunId;
        }
        catch (StorageException exists) when (exists.Status == 409)
        {
            // Our own, when an earlier try went through and its answer was lost.
            foreach (var id in eventIds)
            {
                if (await Table.GetAsync<SeenRow>(partition, SeenRow.Key(id), cancellationToken) is { Run: { } earlier })
                {
                    return earlier;
                }
            }

            return run.RunId;
        }
    }

    /// <summary>The first request that waits; null when there is none.</summary>
    public async Task<QueuedRun?> PeekAsync(string partition, CancellationToken cancellationToken)
    {
        var page = await Table.QueryPageAsync<InboxRow>(
            TableQuery.WithPrefix(partition, InboxRow.Prefix) with { Top = 1 }, null, cancellationToken);
        if (page.Rows is not [var row, ..])
        {
            return null;
        }

        var run = row.ToRun();
        var state = await ReadRunAsync(partition, run.RunId, cancellationToken);
        var request = await transcript.ReadDocumentAsync(partition, run.DocumentKey, cancellationToken);
        if (state is { HasEnded: false } && request is var (_, json))
        {
            return run with { Request = json, Row = state };
        }

        // The run ended between the reads, or the session was deleted.
        await Table.DeleteAsync(partition, row.RowKey, row.ETag, cancellationToken);
        return await PeekAsync(partition, cancellationToken);
    }

    /// <summary>Notes that an instance waits until its memory has room for the session's next request.</summary>
    public Task NoteWaitForRoomAsync(string partition, CancellationToken cancellationToken) =>
        Table.UpsertAsync(new RoomRow(partition), cancellationToken);

    /// <summary>Whether an instance waits for that just now.</summary>
    public async Task<bool> WaitsForRoomAsync(string partition, CancellationToken cancellationToken) =>
        await Table.GetAsync<RoomRow>(partition, RoomRow.RowKey, cancellationToken) is { IsRecent: true };

    /// <summary>Requests that wait, in order, with their content.</summary>
    /// <param name="most">How many at most.</param>
    public async Task<IReadOnlyList<QueuedRun>> ListAsync(string partition, int most, CancellationToken cancellationToken)
    {
        var page = await Table.QueryPageAsync<InboxRow>(
            TableQuery.WithPrefix(partition, InboxRow.Prefix) with { Top = most }, null, cancellationToken);
        var waiting = new List<QueuedRun>();
        foreach (var run in page.Rows.Select(row => row.ToRun()))
        {
            if (await transcript.ReadDocumentAsync(partition, run.DocumentKey, cancellationToken) is var (_, json))
            {
                waiting.Add(run with { Request = json });
            }
        }

        return waiting;
    }

    /// <summary>A waiting request by the state of its run, without its content; null when it does not wait any more.</summary>
    public async Task<QueuedRun?> FindAsync(RunRow row, CancellationToken cancellationToken) =>
        row.InboxKey is { } key && await Table.GetAsync<InboxRow>(row.Partition, key, cancellationToken) is { } found
            ? found.ToRun() with { Row = row } : null;

    /// <summary>Whether anything waits.</summary>
    public async Task<bool> HasRequestsAsync(string partition, CancellationToken cancellationToken) =>
        (await Table.QueryPageAsync<InboxRow>(
            TableQuery.WithPrefix(partition, InboxRow.Prefix) with { Top = 1, Select = ["Run"] }, null, cancellationToken)).Rows.Count > 0;

    /// <summary>The state of a run; null when there is no such run.</summary>
    public Task<RunRow?> ReadRunAsync(string partition, string runId, CancellationToken cancellationToken) =>
        Table.GetAsync<RunRow>(partition, RunRow.Key(runId), cancellationToken);

    /// <summary>The runs of a session that had no waiting caller, newest first.</summary>
    public async Task<IReadOnlyList<RunRow>> ListRunsAsync(string partition, CancellationToken cancellationToken)
    {
        var rows = new List<RunRow>();
        await foreach (var row in Table.QueryAsync<RunRow>(
            TableQuery.WithPrefix(partition, RunRow.KeyPrefix) with { Filter = TableQuery.Where($"Kind ne {RunRow.Interactive}") },
            cancellationToken))
        {
            rows.Add(row);
        }

        return [.. rows.Where(row => row.Kind != RunRow.Interactive).OrderByDescending(row => row.CreatedAt)];
    }

    /// <summary>Ends a waiting run without executing it.</summary>
    /// <param name="end">The end event, as the engine's JSON.</param>
    /// <param name="reply">What is to be delivered; null for nothing.</param>
    /// <returns>False when it was begun or ended in between.</returns>
    public async Task<bool> EndAsync(
        QueuedRun run, string state, string? end, CancellationToken cancellationToken, OutboxDraft? reply = null)
    {
        var batch = new TableBatch();
        batch.Merge(RunRow.Ended(run.Session.Partition, run.RunId, state, time.GetUtcNow(), end), run.Row!.ETag);
        run.AddRemoval(batch, time.GetUtcNow());
        if (reply is not null)
        {
            foreach (var row in await SessionOutbox.PrepareAsync(transcript, run, reply, time.GetUtcNow(), cancellationToken))
            {
                batch.Insert(row);
            }
        }

        try
        {
            await Table.SubmitAsync(batch, cancellationToken);
            return true;
        }
        catch (StorageException changed) when (changed.Status is 404 or 412)
        {
            return await ReadRunAsync(run.Session.Partition, run.RunId, cancellationToken) is { } now && now.State == state;
        }
    }

    /// <summary>Ends a run if it still waits.</summary>
    /// <param name="end">The end event, as the engine's JSON.</param>
    /// <param name="reply">Makes what is to be delivered.</param>
    public async Task EndAsync(
        string partition, string runId, string state, string? end, CancellationToken cancellationToken,
        Func<QueuedRun, OutboxDraft?>? reply = null)
    {
        if (await ReadRunAsync(partition, runId, cancellationToken) is { HasEnded: false } row
            && await FindAsync(row, cancellationToken) is { } waiting)
        {
            var whole = reply is not null && await transcript.ReadDocumentAsync(partition, waiting.DocumentKey, cancellationToken)
                is var (_, json) ? waiting with { Request = json } : waiting;
            await EndAsync(waiting, state, end, cancellationToken, reply?.Invoke(whole));
        }
    }

    /// <summary>Counts an attempt that failed before the run was begun. Beginning a run counts the attempt, so other attempts need no
    /// call.</summary>
    public async Task CountAttemptAsync(QueuedRun run, CancellationToken cancellationToken)
    {
        var counted = RunRow.Counted(run.Session.Partition, run.RunId, run.Attempts + 1);
        try
        {
            await Table.MergeAsync(counted, run.Row!.ETag, cancellationToken);
        }
        catch (StorageException changed) when (changed.Status is 404 or 412)
        {
            // The run was begun meanwhile, or an earlier try of this call counted it.
        }
    }
}
