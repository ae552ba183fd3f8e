using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>The first request under each idempotency key. Kept for at least <see cref="Keep"/>.</summary>
public sealed partial class IdempotencyStore(GatewayStorage storage, TimeProvider time, ILogger<IdempotencyStore> logger)
{
    public const string TableName = "idempotency";

    /// <summary>After this a key may be used for another request.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromHours(24);

    /// <summary>As the name of a claim: what it makes is an answer, kept by <see cref="SaveAnswerAsync"/>.</summary>
    public const string Answered = "answer";

    private readonly Transcript _documents = new(storage);

    private StorageTable Table => storage.Table(TableName);

    /// <summary>Keeps the answer of a request for those that repeat it, as long as its claim.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task SaveAnswerAsync(IdempotencyKey key, IdempotencyClaim claim, string json, CancellationToken cancellationToken)
    {
        var document = new StoredDocument(AnswerKey(claim.RunId), json, new Dictionary<string, object>());
        var batch = new TableBatch();
        foreach (var row in await _documents.PrepareDocumentAsync(key.Partition, document, cancellationToken))
        {
            batch.Upsert(row);
        }

        await storage.Table(SessionStore.TableName).SubmitAsync(batch, cancellationToken);
    }

    /// <summary>The answer of the request that claimed the key; null when there is none yet.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<string?> FindAnswerAsync(IdempotencyKey key, IdempotencyClaim claim, CancellationToken cancellationToken) =>
        (await _documents.ReadDocumentAsync(key.Partition, AnswerKey(claim.RunId), cancellationToken))?.Json;

    /// <summary>Claims the key, or finds the request that did.</summary>
    /// <exception cref="GatewayException"><c>422 idempotency_mismatch</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<IdempotencyClaim> ClaimAsync(
        IdempotencyKey key, string runId, SessionKey session, string? name, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var mine = new IdempotencyRow(key, runId, session, name, now);
        while (true)
        {
            var found = await Table.GetAsync<IdempotencyRow>(key.Partition, IdempotencyRow.RowKey, cancellationToken);
            if (found is not null && found.CreatedAt + Keep > now)
            {
                return found.Hash == key.RequestHash ? found.ToClaim(runId)
                    : throw new GatewayException(GatewayError.IdempotencyMismatch());
            }

            try
            {
                _ = found is null
                    ? await Table.InsertAsync(mine, cancellationToken)
                    : await Table.ReplaceAsync(mine, found.ETag, cancellationToken);
                await ForgetAnswerAsync(found, cancellationToken);
                return mine.ToClaim(runId);
            }
            catch (StorageException faster) when (faster.Status is 404 or 409 or 412)
            {
                // Another request was faster, or an earlier try of this one: the next read decides.
            }
        }
    }

    /// <summary>The request that claimed a key; null when there is none, or it was too long ago.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IdempotencyClaim?> FindAsync(string subject, string route, string key, CancellationToken cancellationToken)
    {
        var partition = new IdempotencyKey(subject, route, key, "").Partition;
        var found = await Table.GetAsync<IdempotencyRow>(partition, IdempotencyRow.RowKey, cancellationToken);
        return found is not null && found.CreatedAt + Keep > time.GetUtcNow() ? found.ToClaim("") : null;
    }

    /// <summary>Deletes claims of more than 48 hours ago, and the sessions that were made for them alone.</summary>
    /// <returns>How many claims.</returns>
    public async Task<int> SweepAsync(SessionSweeper sessions, CancellationToken cancellationToken)
    {
        var deleted = 0;
        if (!storage.IsConfigured)
        {
            return 0;
        }

        var old = new TableQuery { Filter = TableQuery.Where($"CreatedAt lt {time.GetUtcNow() - Keep - Keep}") };
        await foreach (var row in Table.QueryAsync<IdempotencyRow>(old, cancellationToken))
        {
            deleted += await TryDeleteAsync(row, sessions, cancellationToken) ? 1 : 0;
        }

        return deleted;
    }

    /// <summary>A claim that cannot be deleted is left to the next sweep; the others are deleted now.</summary>
    private async Task<bool> TryDeleteAsync(IdempotencyRow claim, SessionSweeper sessions, CancellationToken cancellationToken)
    {
        try
        {
            await ForgetAnswerAsync(claim, cancellationToken);
            return await sessions.TryRemoveAsync(claim.OwnSession, cancellationToken) && await DeleteAsync(claim, cancellationToken);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or StorageException { IsOutcomeUnknown: true }))
        {
            LogNotDeleted(failure);
            return false;
        }
    }

    private async Task ForgetAnswerAsync(IdempotencyRow? claim, CancellationToken cancellationToken)
    {
        if (claim?.Name == Answered)
        {
            await _documents.DeleteDocumentAsync(claim.PartitionKey, AnswerKey(claim.RunId), cancellationToken);
        }
    }

    private static string AnswerKey(string runId) => $"{Answered}~{runId}";

    private async Task<bool> DeleteAsync(IdempotencyRow claim, CancellationToken cancellationToken)
    {
        try
        {
            return await Table.DeleteAsync(claim.PartitionKey, IdempotencyRow.RowKey, claim.ETag, cancellationToken);
        }
        catch (StorageException changed) when (changed.Status == 412)
        {
            return false; // claimed again just now
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An old idempotency key could not be deleted yet")]
    private partial void LogNotDeleted(Exception failure);
}
