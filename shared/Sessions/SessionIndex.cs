using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenClaw.Storage;

namespace OpenClaw.Sessions;

/// <summary>What a list shows of a session.</summary>
public sealed record SessionEntry(
    string Partition, string Owner, string Agent, string Key, string? Title, IReadOnlyList<string> Labels, string? Model,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Turns);

/// <summary>One row a session, one partition an owner. Written after the commit it tells of, without anybody waiting: a row that
/// was missed comes with the next turn, and a table that was lost is built again from the sessions themselves.</summary>
public sealed partial class SessionIndex(GatewayStorage storage, SessionPolicy policy, ILogger<SessionIndex> logger)
{
    public const string TableName = "sessionindex";

    /// <summary>Partition of rows that are no sessions.</summary>
    private const string State = "~state";

    private const string Built = "built";

    private const string OperatorPartition = "operator";

    private readonly ConcurrentDictionary<Task, byte> _writing = new();
    private volatile bool _isBuilt;

    private TableClient Table => storage.Table(TableName);

    /// <summary>Takes down a session as it stands; returns at once.</summary>
    public void Note(SessionHead head)
    {
        if (!IsListed(head))
        {
            return;
        }

        var write = head.IsDeleted
            ? TryAsync(() => Table.DeleteAsync(PartitionOf(head.Owner), head.Row.PartitionKey, etag: null, CancellationToken.None))
            : WriteAsync(ToRow(head));
        _writing.TryAdd(write, 0);
        _ = write.ContinueWith(done => _writing.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        Task WriteAsync(TableEntity row) => TryAsync(() => Table.UpsertAsync(row, CancellationToken.None));
    }

    /// <summary>All sessions of an owner that are not gone, newest first; of everybody for null.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<List<SessionEntry>> ListAsync(string? owner, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_writing.Keys).WaitAsync(cancellationToken); // what this instance stored is in its own lists
            await BuildOnceAsync(cancellationToken);
            var entries = new List<SessionEntry>();
            await foreach (var row in Table.QueryAsync(new TableQuery { PartitionKey = owner is null ? null : PartitionOf(owner) }, cancellationToken))
            {
                if (row.PartitionKey != State && FromRow(row) is var entry && !(policy.Cutoff > entry.UpdatedAt))
                {
                    entries.Add(entry);
                }
            }

            entries.Sort(static (a, b) => (b.UpdatedAt, a.Partition).CompareTo((a.UpdatedAt, b.Partition)));
            return entries;
        }
        catch (StorageException failure)
        {
            LogFailed(failure);
            throw new GatewayException(GatewayError.StorageUnavailable(), failure);
        }
    }

    /// <summary>Forgets a session.</summary>
    public Task RemoveAsync(SessionHead head, CancellationToken cancellationToken) =>
        Table.DeleteAsync(PartitionOf(head.Owner), head.Row.PartitionKey, etag: null, cancellationToken);

    /// <summary>Every stored response has a session of its own, which nobody looks for by name.</summary>
    private static bool IsListed(SessionHead head) => !head.Key.StartsWith($"agent:{head.Agent}:openresponses:", StringComparison.Ordinal);

    private async Task BuildOnceAsync(CancellationToken cancellationToken)
    {
        if (_isBuilt || await Table.GetAsync(State, Built, cancellationToken) is not null)
        {
            _isBuilt = true;
            return;
        }

        var heads = new TableQuery { Filter = TableFilter.Equal("RowKey", SessionHead.RowKey) };
        await foreach (var row in storage.Table(SessionStore.TableName).QueryAsync(heads, cancellationToken))
        {
            if (SessionHead.From(row) is var head && IsListed(head) && !policy.IsGone(head))
            {
                await Table.UpsertAsync(ToRow(head), cancellationToken);
            }
        }

        await Table.UpsertAsync(new TableEntity(State, Built), cancellationToken);
        _isBuilt = true;
    }

    private async Task TryAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception failure) when (failure is StorageException or OperationCanceledException or GatewayException)
        {
            LogFailed(failure);
        }
    }

    private static TableEntity ToRow(SessionHead head) => new(PartitionOf(head.Owner), head.Row.PartitionKey)
    {
        ["Owner"] = head.Owner,
        ["Agent"] = head.Agent,
        ["Key"] = head.Key,
        ["Title"] = head.Title,
        ["Labels"] = head.Labels.Count == 0 ? null : string.Join('\n', head.Labels),
        ["Model"] = head.Model,
        ["CreatedAt"] = head.CreatedAt ?? head.UpdatedAt ?? DateTimeOffset.UnixEpoch,
        ["UpdatedAt"] = head.UpdatedAt ?? head.CreatedAt ?? DateTimeOffset.UnixEpoch,
        ["Turns"] = head.Version,
    };

    private static SessionEntry FromRow(TableEntity row) => new(
        row.RowKey, row.GetString("Owner") ?? "", row.GetString("Agent") ?? "", row.GetString("Key") ?? "", row.GetString("Title"),
        row.GetString("Labels") is { } labels ? labels.Split('\n') : [], row.GetString("Model"),
        row.GetDateTimeOffset("CreatedAt") ?? default, row.GetDateTimeOffset("UpdatedAt") ?? default, row.GetInt64("Turns") ?? 0);

    private static string PartitionOf(string owner) =>
        owner.Length == 0 ? OperatorPartition : Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(owner)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The list of sessions could not be read or written")]
    private partial void LogFailed(Exception failure);
}
