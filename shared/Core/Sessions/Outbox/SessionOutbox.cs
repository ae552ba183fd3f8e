using OpenClaw.Configuration;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Sessions.Outbox;

/// <summary>Replies that wait to be delivered, in the partition of their session, in one lane a target, and there in the order of the
/// requests that they answer.
/// <code>
/// the run's last transaction: rows of the reply ─► a sender takes the first one of the lane (lease) ─► "sending part n" ─► platform
///  ─► "n parts sent" ─► … ─► rows deleted, or marked undelivered
/// </code></summary>
public sealed class SessionOutbox(GatewayStorage storage, Transcript transcript, GatewayConfigStore config, TimeProvider time)
{
    private const int ContentRows = 8;

    /// <summary>How long a sender holds a reply after its last write.</summary>
    public TimeSpan Lease => TimeSpan.FromSeconds(config.Current.Storage.LeaseSeconds);

    private StorageTable Table => storage.Table(SessionStore.TableName);

    /// <summary>Rows of a reply, to be inserted in the transaction that ends its run. A large content is a blob, which is written before
    /// this returns.</summary>
    internal static async Task<IReadOnlyList<TableRow>> PrepareAsync(
        Transcript transcript, QueuedRun run, OutboxDraft draft, DateTimeOffset now, CancellationToken cancellationToken) =>
        await PrepareAsync(transcript, run.Session.Partition, run.ReplyId, run.RunId, draft, now, cancellationToken);

    /// <summary>Whether any reply waits.</summary>
    public async Task<bool> HasRepliesAsync(string partition, CancellationToken cancellationToken) =>
        (await Table.QueryPageAsync<OutboxRow>(
            OutboxRow.All(partition) with { Top = 1, Select = ["Run"] }, null, cancellationToken)).Rows.Count > 0;

    /// <summary>The lanes in which replies wait: one read where a single reply does, else one a lane.</summary>
    public async Task<IReadOnlyList<string>> ListLanesAsync(string partition, CancellationToken cancellationToken)
    {
        var lanes = new List<string>();
        while (true)
        {
            var query = OutboxRow.All(partition, lanes.LastOrDefault()) with { Top = 2, Select = ["Run"] };
            var rows = (await Table.QueryPageAsync<OutboxRow>(query, null, cancellationToken)).Rows;
            lanes.AddRange(rows.Select(row => row.Lane).Distinct());
            if (rows.Count < 2)
            {
                return lanes;
            }
        }
    }

    /// <summary>The first reply that waits in a lane; null when there is none.</summary>
    public async Task<OutboxRow?> PeekAsync(string partition, string lane, CancellationToken cancellationToken)
    {
        var page = await Table.QueryPageAsync<OutboxRow>(
            OutboxRow.OfLane(partition, lane) with { Top = 1 }, null, cancellationToken);
        return page.Rows is [var row, ..] ? row : null;
    }

    /// <summary>Takes a reply, so that no other sender does.</summary>
    /// <returns>False when another sender holds it, or was faster.</returns>
    public async Task<bool> TryTakeAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        if (row.IsHeld(Lease))
        {
            return false;
        }

        row.Holder = RandomId.Create("")[..12];
        return await TrySaveAsync(row, cancellationToken);
    }

    /// <summary>Stores how far the delivery is, and renews the lease.</summary>
    /// <returns>False when another sender has taken it over.</returns>
    public async Task<bool> TrySaveAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        try
        {
            row.ETag = await Table.ReplaceAsync(row, row.ETag, cancellationToken);
            return true;
        }
        catch (StorageException changed) when (changed.Status is 404 or 412)
        {
            // Our own write, when its answer was lost.
            var stored = await Table.GetAsync<OutboxRow>(row.Partition, row.RowKey, cancellationToken);
            if (stored is null || stored.Holder != row.Holder || stored.Sent != row.Sent || stored.Sending != row.Sending)
            {
                return false;
            }

            row.ETag = stored.ETag;
            return true;
        }
    }

    /// <summary>Frees a reply that is to be tried later.</summary>
    public async Task FreeAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        row.Holder = null;
        await TrySaveAsync(row, cancellationToken);
    }

    /// <summary>What the channel stored to deliver it; null when it is gone.</summary>
    public async Task<string?> ReadContentAsync(OutboxRow row, CancellationToken cancellationToken) =>
        await transcript.ReadDocumentAsync(row.Partition, row.ContentKey, cancellationToken) is var (_, json) ? json : null;

    /// <summary>Deletes a reply that was delivered, or was given up.</summary>
    /// <param name="failure">Why it was given up; null when it was delivered.</param>
    public async Task RemoveAsync(OutboxRow row, string? failure, CancellationToken cancellationToken)
    {
        var batch = new TableBatch();
        batch.Delete(row.Partition, row.RowKey, row.ETag);
        for (var part = 0; part < row.ContentParts; part++)
        {
            batch.Delete(row.Partition, DocumentRow.KeyOf(row.ContentKey, part));
        }

        if (failure is not null)
        {
            batch.Upsert(new UndeliveredRow(row, failure, time.GetUtcNow()));
        }

        try
        {
            await Table.SubmitAsync(batch, cancellationToken);
        }
        catch (StorageException gone) when (gone.Status is 404 or 412)
        {
            // An earlier try went through, or another sender has taken it over.
        }
    }

    /// <summary>Stores a reply that no run makes, with other rows in one transaction.</summary>
    /// <param name="id">Decides its place among the replies that wait in its lane: it is sorted by it.</param>
    /// <param name="add">Adds the other rows.</param>
    /// <returns>False when one of the rows was there already.</returns>
    public async Task<bool> TryAddAsync(
        string partition, string id, OutboxDraft draft, Action<TableBatch> add, CancellationToken cancellationToken)
    {
        var batch = new TableBatch();
        add(batch);
        foreach (var row in await PrepareAsync(transcript, partition, id, null, draft, time.GetUtcNow(), cancellationToken))
        {
            batch.Insert(row);
        }

        try
        {
            await Table.SubmitAsync(batch, cancellationToken);
            return true;
        }
        catch (StorageException exists) when (exists.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>Stores a reply that no run makes, unless one of the same name was stored in this session before.</summary>
    /// <param name="id">See <see cref="TryAddAsync"/>.</param>
    /// <returns>False when there was one.</returns>
    public Task<bool> TryAddOnceAsync(
        string partition, string id, string name, OutboxDraft draft, CancellationToken cancellationToken) => TryAddAsync(
            partition, id, draft, batch => batch.Insert(new SeenRow(partition, name, "", time.GetUtcNow())), cancellationToken);

    private static async Task<IReadOnlyList<TableRow>> PrepareAsync(
        Transcript transcript, string partition, string id, string? run, OutboxDraft draft, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var rows = new List<TableRow>();
        for (var (next, own) = ((OutboxDraft?)draft, id); next is not null; (next, own) = (next.Also, own + "+"))
        {
            var content = await transcript.PrepareDocumentAsync(
                partition, new StoredDocument(OutboxRow.ContentKeyOf(own), next.Content, new Dictionary<string, object>()),
                cancellationToken, draft.Also is null ? ContentRows : ContentRows / 2);
            rows.Add(OutboxRow.New(partition, own, run, new OutboxDraftFacts(next.Channel, next.Parts, content.Count, next.Lane), now));
            rows.AddRange(content);
        }

        return rows;
    }
}
