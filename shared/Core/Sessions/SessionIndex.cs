using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>The lists of sessions: one for each owner, and one of all sessions for the operator. The rows of a list are stored in its
/// order, so that a page of it is read without the rest. A row is written in the background, after the commit that it describes. A row
/// that could
/// not be written is written with the next turn, and a lost table is built again from the sessions themselves.</summary>
public sealed partial class SessionIndex(GatewayStorage storage, SessionPolicy policy, ILogger<SessionIndex> logger)
{
    public const string TableName = "sessionlist";

    /// <summary>Of <see cref="ListNewestAsync"/>: enough for a list on a screen, and little memory however many sessions there are.</summary>
    public const int MaxListed = 2_000;

    private const int MaxTries = 5;

    private const int BuildersAtOnce = 16;

    private readonly string _instance = Guid.NewGuid().ToString("N")[..12];
    private readonly Dictionary<string, Task> _writing = new(StringComparer.Ordinal);
    private volatile bool _isBuilt;

    private StorageTable Table => storage.Table(TableName);

    /// <summary>Writes the session's rows in the background, after those of earlier calls; returns at once.</summary>
    public void Note(SessionHead head)
    {
        if (!IsListed(head))
        {
            return;
        }

        var (session, rows) = (head.PartitionKey, head.IsDeleted ? [] : SessionIndexRow.Of(head, _instance));
        var (owner, leaseCount) = (head.Owner, head.LeaseCount);
        lock (_writing)
        {
            var before = _writing.GetValueOrDefault(session, Task.CompletedTask);
            var write = TryAsync(before, () => rows.Count > 0
                ? Task.WhenAll(rows.Select(row => WriteAsync(session, row, leaseCount, CancellationToken.None)))
                : RemoveAsync(owner, session, CancellationToken.None));
            _writing[session] = write;
            _ = write.ContinueWith(
                done => Forget(session, done), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>The list of an owner, or of all sessions for null: neither deleted nor expired ones, newest first, read page by
    /// page.</summary>
    /// <param name="after">The last session of the page before; null begins with the newest.</param>
    /// <param name="expected">How many the caller will take; null when it does not know.</param>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async IAsyncEnumerable<SessionEntry> ReadAsync(
        string? owner, SessionPosition? after, int? expected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        await using var pinned = ReadAsync(owner, SessionIndexRow.PinnedPrefix, after, expected, cancellationToken).GetAsyncEnumerator(
            cancellationToken);
        await using var others = ReadAsync(owner, SessionIndexRow.OtherPrefix, after, expected, cancellationToken).GetAsyncEnumerator(
            cancellationToken);
        var firstPinned = pinned.MoveNextAsync().AsTask();
        var (hasOther, hasPinned) = (await others.MoveNextAsync(), await firstPinned);
        while (hasPinned || hasOther)
        {
            if (!hasOther || (hasPinned && SessionPosition.Of(pinned.Current).IsBefore(SessionPosition.Of(others.Current))))
            {
                yield return pinned.Current;
                hasPinned = await pinned.MoveNextAsync();
            }
            else
            {
                yield return others.Current;
                hasOther = await others.MoveNextAsync();
            }
        }
    }

    /// <summary>The same with the pinned sessions first, at most <see cref="MaxListed"/>.</summary>
    /// <inheritdoc cref="ReadAsync(string?, SessionPosition?, int?, CancellationToken)"/>
    public async Task<List<SessionEntry>> ListNewestAsync(string? owner, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var newest = new List<SessionEntry>();
        foreach (var prefix in (string[])[SessionIndexRow.PinnedPrefix, SessionIndexRow.OtherPrefix])
        {
            await foreach (var entry in ReadAsync(owner, prefix, after: null, MaxListed - newest.Count, cancellationToken))
            {
                newest.Add(entry);
            }
        }

        return newest;
    }

    /// <summary>The service's clock, to begin with <see cref="ReadForeignAsync"/>.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<DateTimeOffset> ReadClockAsync(CancellationToken cancellationToken)
    {
        await BuildOnceAsync(cancellationToken);
        return await Table.GetAsync<SessionStateRow>(SessionStateRow.Partition, SessionStateRow.Built, cancellationToken) is { } row
            ? row.ReadAt : throw new GatewayException(GatewayError.StorageUnavailable());
    }

    /// <summary>Sessions whose rows other instances have written after a moment of the service's clock, and when. A deleted session has no
    /// row.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async IAsyncEnumerable<(SessionEntry Entry, DateTimeOffset ChangedAt)> ReadForeignAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new TableQuery
        {
            PartitionKey = SessionIndexRow.ListOf(null),
            Filter = TableQuery.Where($"Timestamp gt {since} and By ne {_instance}"),
        };
        await foreach (var row in Table.QueryAsync<SessionIndexRow>(query, cancellationToken))
        {
            if (row.By is not null)
            {
                yield return (row.ToEntry(), row.Timestamp ?? since);
            }
        }
    }

    /// <summary>Deletes the session's rows.</summary>
    public Task RemoveAsync(SessionHead head, CancellationToken cancellationToken) =>
        RemoveAsync(head.Owner, head.PartitionKey, cancellationToken);

    /// <summary>Every stored response has a session of its own, which no list needs to show.</summary>
    private static bool IsListed(SessionHead head) => !head.Key.StartsWith($"agent:{head.Agent}:openresponses:", StringComparison.Ordinal);

    private async IAsyncEnumerable<SessionEntry> ReadAsync(
        string? owner, string prefix, SessionPosition? after, int? most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = TableQuery.WithPrefix(SessionIndexRow.ListOf(owner), prefix) with { Top = most };
        if (after is { } last)
        {
            query = query with { RowKeyFrom = SessionIndexRow.KeyOf(prefix, last.Ticks, last.Partition) + "~" };
        }

        if (most <= 0)
        {
            yield break;
        }

        await foreach (var row in Table.QueryAsync<SessionIndexRow>(query, cancellationToken))
        {
            var entry = row.ToEntry();
            if (policy.Cutoff > entry.UpdatedAt)
            {
                yield break; // all that follow are older
            }

            yield return entry;
        }
    }

    /// <summary>Waits for what this instance has stored: a list contains it.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Task[] writing;
        lock (_writing)
        {
            writing = [.. _writing.Values];
        }

        await Task.WhenAll(writing).WaitAsync(cancellationToken);
        await BuildOnceAsync(cancellationToken);
    }

    private async Task BuildOnceAsync(CancellationToken cancellationToken)
    {
        if (_isBuilt || await Table.GetAsync<SessionStateRow>(
            SessionStateRow.Partition, SessionStateRow.Built, cancellationToken) is not null)
        {
            _isBuilt = true;
            return;
        }

        var heads = storage.Table(SessionStore.TableName).QueryAsync<SessionHead>(
            new TableQuery { Filter = TableQuery.Where($"RowKey eq {SessionHead.RowKey}") }, cancellationToken);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = BuildersAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(heads, parallel, async (head, token) =>
        {
            foreach (var row in IsListed(head) && !policy.IsGone(head) ? SessionIndexRow.Of(head, _instance) : [])
            {
                await WriteAsync(head.PartitionKey, row, head.LeaseCount, token);
            }
        });
        await Table.UpsertAsync(new SessionStateRow(SessionStateRow.Built), cancellationToken);
        _isBuilt = true;
    }

    /// <summary>Puts the row in place of the session's old one, unless that shows a later state.</summary>
    private Task WriteAsync(string session, SessionIndexRow row, long leaseCount, CancellationToken cancellationToken) =>
        ChangeAsync(row.PartitionKey, session, (place, batch) =>
        {
            if (place?.LeaseCount > leaseCount)
            {
                return;
            }

            var next = new SessionPlaceRow(row.PartitionKey, session, row.RowKey, leaseCount);
            _ = place is null ? batch.Insert(next) : batch.Replace(next, place.ETag);
            batch.Upsert(row);
            if (place is not null && place.At != row.RowKey)
            {
                batch.Delete(row.PartitionKey, place.At);
            }
        }, cancellationToken);

    private Task RemoveAsync(string owner, string session, CancellationToken cancellationToken) =>
        Task.WhenAll(SessionIndexRow.ListsOf(owner).Select(list => ChangeAsync(list, session, (place, batch) =>
        {
            if (place is not null)
            {
                batch.Delete(list, place.RowKey, place.ETag).Delete(list, place.At);
            }
        }, cancellationToken)));

    /// <param name="change">Adds the writes to the batch; called again when the place has changed meanwhile.</param>
    private async Task ChangeAsync(
        string list, string session, Action<SessionPlaceRow?, TableBatch> change, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var place = await Table.GetAsync<SessionPlaceRow>(list, SessionPlaceRow.KeyOf(session), cancellationToken);
            var batch = new TableBatch();
            change(place, batch);
            try
            {
                await Table.SubmitAsync(batch, cancellationToken);
                return;
            }
            catch (StorageException changed) when (changed.Status is 404 or 409 or 412 && tries < MaxTries)
            {
                // Another instance was faster.
            }
        }
    }

    private void Forget(string session, Task write)
    {
        lock (_writing)
        {
            if (_writing.GetValueOrDefault(session) == write)
            {
                _writing.Remove(session);
            }
        }
    }

    private async Task TryAsync(Task before, Func<Task> write)
    {
        await before;
        try
        {
            await write();
        }
        catch (Exception failure)
        {
            LogFailed(failure); // any exception: lists wait for these writes
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The list of sessions could not be read or written")]
    private partial void LogFailed(Exception failure);
}
