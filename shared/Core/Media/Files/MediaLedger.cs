using OpenClaw.Errors;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Media.Files;

/// <summary>Which files there are and how much of its quota each owner has left. Readers see a file from the moment its own row is written,
/// which comes after everything else; whatever a broken upload left is found by its due row, which comes before.</summary>
internal sealed class MediaLedger(GatewayStorage storage, TimeProvider time)
{
    /// <summary>How long an upload may take before its reservation lapses.</summary>
    public static readonly TimeSpan PendingTime = TimeSpan.FromHours(1);

    private const int MaxTries = 50;

    private StorageTable Table => storage.Table(MediaRow.TableName);

    /// <summary>Takes as much of the owner's quota as an upload may need, or as is left.</summary>
    /// <param name="most">Bytes.</param>
    /// <param name="exact">Whether the upload will have that many, so that less is of no use.</param>
    /// <exception cref="GatewayException"><c>413 media_quota_exceeded</c>.</exception>
    public async Task<MediaPlan> ReserveAsync(MediaSource source, long most, bool exact, long quota, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = MediaId.Create();
        var until = now + PendingTime;
        var plan = new MediaPlan(
            id, MediaRow.PartitionOf(source.Owner), MediaRow.ListKeyOf(id, now), MediaDueRow.Key(
                id, until + source.LongestTtl), most, until);
        await Table.InsertAsync(new MediaDueRow(plan), cancellationToken);
        try
        {
            await ChangeAsync(
                plan.Partition,
                (usage, batch) =>
                {
                    var left = quota - usage.Total;
                    if (left <= 0 || (exact && left < most))
                    {
                        throw new GatewayException(GatewayError.MediaQuotaExceeded(quota));
                    }

                    plan = plan with { Reserved = Math.Min(most, left) };
                    usage.Add(until, plan.Reserved);
                    batch.Upsert(MediaRow.OfPending(plan));
                },
                cancellationToken);
        }
        catch (GatewayException refused) when (refused is not StorageException)
        {
            await ForgetDueAsync(plan.DueKey, cancellationToken);
            throw;
        }

        return plan;
    }

    /// <summary>Makes a file whose bytes are stored visible, first by its id, then in the list.</summary>
    public async Task PublishAsync(MediaPlan plan, MediaItem item, CancellationToken cancellationToken)
    {
        await Table.UpsertAsync(MediaRow.Of(item.Id, MediaRow.File, item, plan), cancellationToken);
        await ChangeAsync(
            plan.Partition,
            (usage, batch) =>
            {
                usage.Add(plan.ReservedUntil, -plan.Reserved);
                usage.Add(item.ExpiresAt, item.Bytes);
                batch.Upsert(MediaRow.Of(plan.Partition, plan.ListKey, item, plan));
            },
            cancellationToken);
    }

    /// <summary>Forgets an upload that came to nothing.</summary>
    public async Task AbandonAsync(MediaPlan plan, CancellationToken cancellationToken)
    {
        await Table.DeleteAsync(plan.Id, MediaRow.File, etag: null, cancellationToken);
        if (await Table.GetAsync<MediaRow>(plan.Partition, plan.ListKey, cancellationToken) is { } listed)
        {
            await ChangeAsync(
                plan.Partition,
                (usage, batch) =>
                {
                    usage.Add(listed.ExpiresAt ?? plan.ReservedUntil, -listed.Size);
                    batch.Delete(plan.Partition, plan.ListKey);
                },
                cancellationToken);
        }
    }

    /// <summary>The row of a file that has not expired; null when there is none.</summary>
    public async Task<MediaRow?> FindAsync(string id, CancellationToken cancellationToken) =>
        MediaId.IsValid(id) && await Table.GetAsync<MediaRow>(id, MediaRow.File, cancellationToken) is { } row
            && row.ExpiresAt > time.GetUtcNow()
            ? row
            : null;

    /// <summary>Takes a file away from its readers.</summary>
    /// <returns>False when another was faster.</returns>
    public Task<bool> HideAsync(string id, CancellationToken cancellationToken) =>
        Table.DeleteAsync(id, MediaRow.File, etag: null, cancellationToken);

    /// <summary>Gives back what a hidden file took of its owner's quota.</summary>
    public async Task ReleaseAsync(MediaItem item, string listKey, CancellationToken cancellationToken)
    {
        var partition = MediaRow.PartitionOf(item.Owner);
        if (await Table.GetAsync<MediaRow>(partition, listKey, cancellationToken) is not null)
        {
            await ChangeAsync(
                partition,
                (usage, batch) =>
                {
                    usage.Add(item.ExpiresAt, -item.Bytes);
                    batch.Delete(partition, listKey);
                },
                cancellationToken);
        }
    }

    public Task<bool> ForgetDueAsync(string dueKey, CancellationToken cancellationToken) =>
        Table.DeleteAsync(MediaDueRow.Partition, dueKey, etag: null, cancellationToken);

    /// <param name="cursor">Of the page before; null for the first.</param>
    public async Task<MediaPage> ListAsync(string owner, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = TableQuery.WithPrefix(
            MediaRow.PartitionOf(owner), MediaRow.Listed) with
        { Filter = MediaRow.IsVisible(time.GetUtcNow()) };
        query = cursor is null ? query : query with { RowKeyFrom = $"{MediaRow.Listed}{cursor}~" };
        var items = new List<MediaItem>();
        string? last = null;
        await foreach (var row in Table.QueryAsync<MediaRow>(query with { Top = limit + 1 }, cancellationToken))
        {
            if (items.Count == limit)
            {
                return new MediaPage(items, last);
            }

            items.Add(row.ToItem());
            last = row.RowKey[MediaRow.Listed.Length..];
        }

        return new MediaPage(items, null);
    }

    /// <summary>At most 100 uploads, finished or not, of which no reader can see anything any more.</summary>
    public async Task<IReadOnlyList<MediaDueRow>> ListDueAsync(CancellationToken cancellationToken)
    {
        var query = new TableQuery { PartitionKey = MediaDueRow.Partition, RowKeyTo = MediaDueRow.Before(time.GetUtcNow()), Top = 100 };
        var rows = new List<MediaDueRow>();
        await foreach (var row in Table.QueryAsync<MediaDueRow>(query, cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Takes the rows of a file away, its due row last: what is cut off in between is begun again. Twice is no harm.</summary>
    public async Task SweepAsync(MediaDueRow due, Func<string, Task> deleteContent, CancellationToken cancellationToken)
    {
        var (partition, listKey) = due.Listed;
        await Table.DeleteAsync(due.Id, MediaRow.File, etag: null, cancellationToken);
        await deleteContent(due.Id);
        await Table.DeleteAsync(partition, listKey, etag: null, cancellationToken);
        await ForgetDueAsync(due.RowKey, cancellationToken);
    }

    /// <summary>Changes an owner's usage together with one of its rows; the loser of a race tries again.</summary>
    private async Task ChangeAsync(string partition, Action<MediaUsageRow, TableBatch> change, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid().ToString("N");
        for (var tries = 1; ; tries++)
        {
            var usage = await Table.GetAsync<MediaUsageRow>(partition, MediaUsageRow.RowKey, cancellationToken)
                ?? new MediaUsageRow(partition);
            usage.Expire(time.GetUtcNow());
            if (usage.Change == name)
            {
                return; // the answer to it had got lost
            }

            var batch = new TableBatch();
            change(usage, batch);
            usage.WriteTo(batch, name);
            try
            {
                await Table.SubmitAsync(batch, cancellationToken);
                return;
            }
            catch (StorageException conflict) when (conflict.Status is 409 or 412 && tries < MaxTries)
            {
                // Another upload of the same owner was faster.
            }
        }
    }
}
