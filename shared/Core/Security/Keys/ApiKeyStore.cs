using OpenClaw.Errors;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Security.Keys;

/// <summary>The named keys. A caller cannot create, change or rotate a key that has more rights than the caller.</summary>
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

    /// <summary>All keys, revoked ones among them, oldest first.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<List<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = new List<ApiKey>();
        await foreach (var row in Table.QueryAsync<ApiKeyRow>(new TableQuery { PartitionKey = ApiKeyRow.Partition }, cancellationToken))
        {
            keys.Add(row.ToKey());
        }

        keys.Sort((a, b) => a.CreatedAt.CompareTo(b.CreatedAt));
        return keys;
    }

    /// <exception cref="GatewayException"><c>404 key_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<ApiKey> GetAsync(string id, CancellationToken cancellationToken) => (await ReadAsync(id, cancellationToken)).ToKey();

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
    /// <exception cref="GatewayException"><c>404 key_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public Task<ApiKey> RevokeAsync(string id, CancellationToken cancellationToken) =>
        UpdateAsync(id, key => key with { RevokedAt = key.RevokedAt ?? time.GetUtcNow() }, cancellationToken);

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
            throw new GatewayException(GatewayError.Forbidden("A key cannot be allowed more than the caller who makes or changes it."));
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
