using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Devices;

/// <summary>The paired devices. Every change is one write of the device's row, fenced by its ETag. A device that is not an administrator
/// manages only itself; a caller other than the operator only what belongs to it.</summary>
public sealed class DeviceStore(GatewayStorage storage, DeviceCache cache, TimeProvider time)
{
    /// <summary>Tokens of one device that are valid at once. A device that connects with the gateway's secret gets a new token each time,
    /// because it may have lost the one before; other connections of it go on with theirs.</summary>
    private const int MaxTokens = 8;

    private const int MaxTries = 8;

    private StorageTable Table => storage.Table(DeviceCache.TableName);

    /// <summary>All devices, oldest first.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<List<Device>> ListAsync(CancellationToken cancellationToken)
    {
        var devices = new List<Device>();
        await foreach (var row in Table.QueryAsync<DeviceRow>(new TableQuery { PartitionKey = DeviceRow.Partition }, cancellationToken))
        {
            devices.Add(row.ToDevice());
        }

        devices.Sort(static (a, b) => a.CreatedAt.CompareTo(b.CreatedAt));
        return devices;
    }

    /// <summary>Pairs a device, or widens what it may do.</summary>
    /// <param name="owner">Subject of the caller that approves it.</param>
    /// <param name="via">See <see cref="Device.ApprovedVia"/>.</param>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public Task<Device> ApproveAsync(DeviceFacts facts, Scope scopes, string owner, string via, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return WriteAsync(
            facts.Identity.Id,
            old => (old ?? new Device { Facts = facts, Owner = owner, Scopes = Scope.None, ApprovedVia = via, CreatedAt = now }) with
            {
                Facts = facts,
                Owner = owner,
                Scopes = (old?.Owner == owner ? old.Scopes : Scope.None) | scopes,
                ApprovedVia = via,
                ApprovedAt = now,
                AwaitsToken = true,
            },
            cancellationToken);
    }

    /// <summary>Makes a token for a device that has proven its key. Its oldest one ends when it has too many.</summary>
    /// <exception cref="GatewayException"><c>404 device_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<(Device Device, string Token)> IssueTokenAsync(string id, CancellationToken cancellationToken)
    {
        var text = DeviceTokenText.New(id);
        var device = await WriteAsync(
            id,
            found => found is not { } old ? throw NotFound(id) : old with
            {
                Tokens = [new DeviceToken(new Secret(text), time.GetUtcNow()), .. old.Tokens.Take(MaxTokens - 1)],
                AwaitsToken = false,
                LastSeenAt = time.GetUtcNow(),
            },
            cancellationToken);
        return (device, text);
    }

    /// <summary>Ends the device's tokens. A device that rotates its own token gets the new one; any other gets it when it next
    /// connects with the gateway's secret.</summary>
    /// <param name="scopes">What the device may do from now on; null keeps it.</param>
    /// <returns>The device, and the new token for the device itself.</returns>
    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 device_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<(Device Device, string? Token)> RotateAsync(
        Caller caller, string id, Scope? scopes, CancellationToken cancellationToken)
    {
        var text = caller.Device == id ? DeviceTokenText.New(id) : null;
        var device = await ChangeAsync(
            caller,
            id,
            old =>
            {
                var next = scopes ?? old.Scopes;
                if (!caller.Scopes.Covers(next) || !old.Scopes.Covers(next))
                {
                    throw new GatewayException(GatewayError.Forbidden(
                        "A token cannot be allowed more than its device, or than the caller who makes it."));
                }

                return old with
                {
                    Scopes = next,
                    Tokens = text is null ? [] : [new DeviceToken(new Secret(text), time.GetUtcNow())],
                    AwaitsToken = text is null,
                    Generation = old.Generation + 1,
                };
            },
            cancellationToken);
        return (device, text);
    }

    /// <summary>Ends the device's tokens; it needs a new approval, or the gateway's secret.</summary>
    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 device_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public Task<Device> RevokeAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        ChangeAsync(
            caller, id, old => old with { Tokens = [], AwaitsToken = false, Generation = old.Generation + 1 }, cancellationToken);

    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 device_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public Task<Device> RenameAsync(Caller caller, string id, string label, CancellationToken cancellationToken) =>
        ChangeAsync(caller, id, old => old with { Label = label }, cancellationToken);

    /// <summary>Forgets the device.</summary>
    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 device_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task RemoveAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        CheckManages(caller, await FindAsync(id, cancellationToken) ?? throw NotFound(id));
        await Table.DeleteAsync(DeviceRow.Partition, id, etag: null, cancellationToken);
        cache.Learn(id, null);
    }

    /// <summary>Reads past the cache.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<Device?> FindAsync(string id, CancellationToken cancellationToken) =>
        DeviceIdentity.IsId(id)
            ? (await Table.GetAsync<DeviceRow>(DeviceRow.Partition, id, cancellationToken))?.ToDevice() : null;

    private Task<Device> ChangeAsync(Caller caller, string id, Func<Device, Device> change, CancellationToken cancellationToken) =>
        WriteAsync(
            id,
            old =>
            {
                CheckManages(caller, old ?? throw NotFound(id));
                return change(old);
            },
            cancellationToken);

    private async Task<Device> WriteAsync(string id, Func<Device?, Device> change, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var row = DeviceIdentity.IsId(id)
                ? await Table.GetAsync<DeviceRow>(DeviceRow.Partition, id, cancellationToken) : null;
            var changed = change(row?.ToDevice());
            try
            {
                _ = row is null
                    ? await Table.InsertAsync(DeviceRow.Of(changed), cancellationToken)
                    : await Table.ReplaceAsync(DeviceRow.Of(changed), row.ETag, cancellationToken);
                cache.Learn(id, changed);
                return changed;
            }
            catch (StorageException conflict) when (conflict.Status is 404 or 409 or 412 && tries < MaxTries)
            {
                // Another request changed it meanwhile.
            }
        }
    }

    /// <exception cref="GatewayException"><c>403 forbidden</c>.</exception>
    internal static void CheckManages(Caller caller, Device device)
    {
        if (!caller.IsOperator && device.Owner != caller.Subject)
        {
            throw new GatewayException(GatewayError.Forbidden("This device belongs to another caller."));
        }

        if (!caller.Scopes.HasFlag(Scope.OperatorAdmin) && caller.Device is { } own && own != device.Id)
        {
            throw new GatewayException(GatewayError.Forbidden("A device without the scope 'operator.admin' manages only itself."));
        }
    }

    private static GatewayException NotFound(string id) => new(GatewayError.DeviceNotFound(id));
}
