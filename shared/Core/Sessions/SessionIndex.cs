using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>The list of sessions: one row for each session, one partition for each owner. A row is written in the background, after the
/// commit that it describes. A row that could not be written is written with the next turn, and a lost table is built again from the
/// sessions themselves.</summary>
public sealed partial class SessionIndex(GatewayStorage storage, SessionPolicy policy, ILogger<SessionIndex> logger)
{
    public const string TableName = "sessionindex";

    /// <summary>Of <see cref="ListNewestAsync"/>: enough for a list on a screen, and little memory however many sessions there are.</summary>
    public const int MaxListed = 2_000;

    private readonly string _instance = Guid.NewGuid().ToString("N")[..12];
    private readonly ConcurrentDictionary<Task, byte> _writing = new();
    private volatile bool _isBuilt;

    private StorageTable Table => storage.Table(TableName);

    /// <summary>Writes the session's row in the background; returns at once.</summary>
    public void Note(SessionHead head)
    {
        if (!IsListed(head))
        {
            return;
        }

        var write = head.IsDeleted
            ? TryAsync(() => Table.DeleteAsync(
                SessionIndexRow.PartitionOf(head.Owner), head.PartitionKey, etag: null, CancellationToken.None))
            : TryAsync(() => Table.UpsertAsync(new SessionIndexRow(head, _instance), CancellationToken.None));
        _writing.TryAdd(write, 0);
        _ = write.ContinueWith(
            done => _writing.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Sessions of an owner that are neither deleted nor expired, in no particular order, as storage gives them; null reads those
    /// of all owners.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async IAsyncEnumerable<SessionEntry> ReadAsync(string? owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.WhenAll(_writing.Keys).WaitAsync(cancellationToken); // a list contains what this instance has stored
        await BuildOnceAsync(cancellationToken);
        var query = new TableQuery { PartitionKey = owner is null ? null : SessionIndexRow.PartitionOf(owner) };
        await foreach (var row in Table.QueryAsync<SessionIndexRow>(query, cancellationToken))
        {
            if (row.PartitionKey != SessionStateRow.Partition && row.ToEntry() is var entry && !(policy.Cutoff > entry.UpdatedAt))
            {
                yield return entry;
            }
        }
    }

    /// <summary>The newest sessions of an owner, or of all, pinned ones first; at most <see cref="MaxListed"/>.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<List<SessionEntry>> ListNewestAsync(string? owner, CancellationToken cancellationToken)
    {
        var kept = new PriorityQueue<SessionEntry, (bool, DateTimeOffset, string)>();
        await foreach (var entry in ReadAsync(owner, cancellationToken))
        {
            kept.Enqueue(entry, (entry.IsPinned, entry.UpdatedAt, entry.Partition));
            if (kept.Count > MaxListed)
            {
                kept.Dequeue();
            }
        }

        var newest = new List<SessionEntry>(kept.Count);
        while (kept.TryDequeue(out var entry, out _))
        {
            newest.Add(entry);
        }

        newest.Reverse();
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
        var query = new TableQuery { Filter = TableQuery.Where($"Timestamp gt {since} and By ne {_instance}") };
        await foreach (var row in Table.QueryAsync<SessionIndexRow>(query, cancellationToken))
        {
            if (row.PartitionKey != SessionStateRow.Partition && row.By is not null)
            {
                yield return (row.ToEntry(), row.Timestamp ?? since);
            }
        }
    }

    /// <summary>Deletes the session's row.</summary>
    public Task RemoveAsync(SessionHead head, CancellationToken cancellationToken) =>
        Table.DeleteAsync(SessionIndexRow.PartitionOf(head.Owner), head.PartitionKey, etag: null, cancellationToken);

    /// <summary>Every stored response has a session of its own, which no list needs to show.</summary>
    private static bool IsListed(SessionHead head) => !head.Key.StartsWith($"agent:{head.Agent}:openresponses:", StringComparison.Ordinal);

    private async Task BuildOnceAsync(CancellationToken cancellationToken)
    {
        if (_isBuilt || await Table.GetAsync<SessionStateRow>(
            SessionStateRow.Partition, SessionStateRow.Built, cancellationToken) is not null)
        {
            _isBuilt = true;
            return;
        }

        var heads = new TableQuery { Filter = TableQuery.Where($"RowKey eq {SessionHead.RowKey}") };
        await foreach (var head in storage.Table(SessionStore.TableName).QueryAsync<SessionHead>(heads, cancellationToken))
        {
            if (IsListed(head) && !policy.IsGone(head))
            {
                await Table.UpsertAsync(new SessionIndexRow(head, _instance), cancellationToken);
            }
        }

        await Table.UpsertAsync(new SessionStateRow(SessionStateRow.Built), cancellationToken);
        _isBuilt = true;
    }

    private async Task TryAsync(Func<Task> write)
    {
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
