using OpenClaw.Errors;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Security.Keys;

/// <summary>The named keys. A caller acts only on keys that have no more rights than the caller: to create, see, change, rotate or revoke
/// them.</summary>
public sealed class ApiKeyStore(GatewayStorage storage, ApiKeyCache cache, TimeProvider time)
{
    private const int MaxTries = 8;

    /// <summary>A key was changed, rotated or revoked in this process.</summary>
    public event Action<ApiKey>? Changed;

    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<MintedApiKey> CreateAsync(Caller caller, Func<ApiKey, ApiKey> fill, CancellationToken cancellationToken)
    {
        var id = ApiKeyText.NewId();
        var text = ApiKeyText.New(id);
        var key = fill(new ApiKey { Id = id, Name = "", Scopes = Scope.None, CreatedAt = time.GetUtcNow(), Secret = new Secret(text) });
        CheckWithin(caller, key);
        await Table.InsertAsync(ApiKeyRow.Of(key), cancellationToken);
        cache.Learn(key);
        return new MintedApiKey(key, text);
    }

    /// <summary>A page of the keys that the caller may act on, revoked ones among them, in the order of their ids.</summary>
    /// <param name="after">The last id of the page before; null for the first.</param>
    /// <returns>At most <paramref name="limit"/> keys, and whether there are more.</returns>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<(IReadOnlyList<ApiKey> Keys, bool HasMore)> ListAsync(
        Caller caller, int limit, string? after, CancellationToken cancellationToken)
    {
        var keys = new List<ApiKey>();
        var query = new TableQuery
        {
            PartitionKey = ApiKeyRow.Partition,
            RowKeyFrom = after is null ? null : after + "0", // the least text behind the id
        };
        await foreach (var row in Table.QueryAsync<ApiKeyRow>(query, cancellationToken))
        {
            if (row.ToKey() is { } key && key.IsWithin(caller))
            {
                if (keys.Count == limit)
                {
                    return (keys, true);
                }

                keys.Add(key);
            }
        }

        return (keys, false);
    }

    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 key_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<ApiKey> GetAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var key = (await ReadAsync(id, cancellationToken)).ToKey();
        CheckWithin(caller, key);
        return key;
    }

    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 key_not_found</c>, <c>409 key_revoked</c>, <c>503
    /// storage_unavailable</c>.</exception>
    public Task<ApiKey> ChangeAsync(Caller caller, string id, Func<ApiKey, ApiKey> change, CancellationToken cancellationToken) =>
        UpdateAsync(
            id,
            key =>
            {
                CheckActive(key);
                CheckWithin(caller, key);
                var changed = change(key);
                CheckWithin(caller, changed);
                return changed;
            },
            cancellationToken);

    /// <summary>Gives the key a new secret. The old one ends at once, or after the overlap.</summary>
    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 key_not_found</c>, <c>409 key_revoked</c>, <c>503
    /// storage_unavailable</c>.</exception>
    public async Task<MintedApiKey> RotateAsync(Caller caller, string id, TimeSpan overlap, CancellationToken cancellationToken)
    {
        var text = ApiKeyText.New(id);
        var key = await UpdateAsync(
            id,
            old =>
            {
                CheckActive(old);
                CheckWithin(caller, old);
                return old with
                {
                    Secret = new Secret(text),
                    Former = overlap > TimeSpan.Zero ? old.Secret : null,
                    FormerUntil = overlap > TimeSpan.Zero ? time.GetUtcNow() + overlap : null,
                };
            },
            cancellationToken);
        return new MintedApiKey(key, text);
    }

    /// <summary>Ends the key for good; its row stays, for the list.</summary>
    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 key_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public Task<ApiKey> RevokeAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        UpdateAsync(
            id,
            key =>
            {
                CheckWithin(caller, key);
                return key with { RevokedAt = key.RevokedAt ?? time.GetUtcNow() };
            },
            cancellationToken);

    private StorageTable Table => storage.Table(ApiKeyCache.TableName);

    private async Task<ApiKey> UpdateAsync(string id, Func<ApiKey, ApiKey> change, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var row = await ReadAsync(id, cancellationToken);
            var changed = change(row.ToKey());
            try
            {
                await Table.ReplaceAsync(ApiKeyRow.Of(changed), row.ETag, cancellationToken);
                cache.Learn(changed);
                Changed?.Invoke(changed);
                return changed;
            }
            catch (StorageException conflict) when (conflict.Status == 412 && tries < MaxTries)
            {
                // Another request changed it meanwhile, or noted its use.
            }
        }
    }

    private async Task<ApiKeyRow> ReadAsync(string id, CancellationToken cancellationToken) =>
        (ApiKeyText.IsId(id) ? await Table.GetAsync<ApiKeyRow>(ApiKeyRow.Partition, id, cancellationToken) : null)
            ?? throw new GatewayException(GatewayError.KeyNotFound(id));

    private static void CheckWithin(Caller caller, ApiKey key)
    {
        if (!key.IsWithin(caller))
        {
            throw new GatewayException(GatewayError.Forbidden(
                "This API key is allowed more than the caller, who cannot make, see, change or end it."));
        }
    }

    private static void CheckActive(ApiKey key)
    {
        if (key.RevokedAt is not null)
        {
            throw new GatewayException(GatewayError.KeyRevoked());
        }
    }
}
