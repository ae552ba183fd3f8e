using OpenClaw.Security;
using OpenClaw.Storage;

namespace OpenClaw.Sessions;

/// <summary>What a caller calls one request, so that repeating it does nothing twice.</summary>
/// <param name="Subject">Who calls.</param>
/// <param name="Route">Which operation, such as <c>POST /v1/responses</c>.</param>
/// <param name="Key">1 to 256 characters of the caller's.</param>
/// <param name="RequestHash">Tells other requests under the same key.</param>
public sealed record IdempotencyKey(string Subject, string Route, string Key, string RequestHash)
{
    public const int MaxLength = 256;

    internal string Partition { get; } = Secret.HashName("idempotency", Subject, Route, Key);

    /// <summary>The key of the session that a request without one gets, so that its repetition finds it.</summary>
    public string SessionName(string agent) => SessionName(agent, Partition);

    internal static string SessionName(string agent, string partition) => $"agent:{agent}:once:{partition[..32].ToLowerInvariant()}";
}

/// <summary>The first request under an idempotency key.</summary>
/// <param name="Name">The id that its front gave to what it makes; null where it gives none.</param>
public sealed record IdempotencyClaim(string RunId, SessionKey Session, string? Name, DateTimeOffset CreatedAt, bool IsNew);

/// <summary>Who was first under which idempotency key. Kept for at least <see cref="Keep"/>.</summary>
public sealed class IdempotencyStore(GatewayStorage storage, TimeProvider time)
{
    public const string TableName = "idempotency";

    private const string RowKey = "claim";

    /// <summary>After this a key may be used again, for anything.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromHours(24);

    private TableClient Table => storage.Table(TableName);

    /// <summary>Claims the key, or finds who did.</summary>
    /// <exception cref="GatewayException"><c>422 idempotency_mismatch</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<IdempotencyClaim> ClaimAsync(
        IdempotencyKey key, string runId, SessionKey session, string? name, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var mine = new TableEntity(key.Partition, RowKey)
        {
            ["Hash"] = key.RequestHash,
            ["Run"] = runId,
            ["Owner"] = session.Owner,
            ["Agent"] = session.Agent,
            ["Key"] = session.Key,
            ["Name"] = name,
            ["CreatedAt"] = now,
            ["V"] = RunRow.Version,
        };
        try
        {
            while (true)
            {
                var found = await Table.GetAsync(key.Partition, RowKey, cancellationToken);
                if (found is not null && found.GetDateTimeOffset("CreatedAt") + Keep > now)
                {
                    return Read(found, key, runId);
                }

                try
                {
                    _ = found is null
                        ? await Table.InsertAsync(mine, cancellationToken)
                        : await Table.ReplaceAsync(mine, found.ETag, cancellationToken);
                    return new IdempotencyClaim(runId, session, name, now, IsNew: true);
                }
                catch (StorageException faster) when (faster.Status is 404 or 409 or 412)
                {
                    // Somebody else was, or an earlier try of ours: the next look tells.
                }
            }
        }
        catch (StorageException failure)
        {
            throw new GatewayException(GatewayError.StorageUnavailable(), failure);
        }
    }

    /// <summary>Deletes claims that are long out of use, and the sessions that were made for them alone.</summary>
    /// <returns>How many claims.</returns>
    public async Task<int> SweepAsync(SessionSweeper sessions, CancellationToken cancellationToken)
    {
        var deleted = 0;
        if (!storage.IsConfigured)
        {
            return 0;
        }

        var old = new TableQuery { Filter = TableFilter.Less("CreatedAt", time.GetUtcNow() - Keep - Keep) };
        await foreach (var row in Table.QueryAsync(old, cancellationToken))
        {
            if (await sessions.TryRemoveAsync(SessionMadeFor(row), cancellationToken) && await DeleteAsync(row, cancellationToken))
            {
                deleted++;
            }
        }

        return deleted;
    }

    /// <summary>Null when the session is the caller's.</summary>
    private static SessionKey? SessionMadeFor(TableEntity claim)
    {
        var (agent, key) = (claim.GetString("Agent")!, claim.GetString("Key")!);
        return key == IdempotencyKey.SessionName(agent, claim.PartitionKey) ? new SessionKey(claim.GetString("Owner")!, agent, key) : null;
    }

    private async Task<bool> DeleteAsync(TableEntity claim, CancellationToken cancellationToken)
    {
        try
        {
            return await Table.DeleteAsync(claim.PartitionKey, claim.RowKey, claim.ETag, cancellationToken);
        }
        catch (StorageException changed) when (changed.Status == 412)
        {
            return false; // claimed again just now
        }
    }

    private static IdempotencyClaim Read(TableEntity row, IdempotencyKey key, string runId) =>
        row.GetString("Hash") != key.RequestHash
            ? throw new GatewayException(GatewayError.IdempotencyMismatch())
            : new IdempotencyClaim(
                row.GetString("Run")!,
                new SessionKey(row.GetString("Owner")!, row.GetString("Agent")!, row.GetString("Key")!),
                row.GetString("Name"),
                row.GetDateTimeOffset("CreatedAt")!.Value,
                IsNew: row.GetString("Run") == runId);
}
