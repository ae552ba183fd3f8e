using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Security;
using OpenClaw.Security.Keys;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>What a client proved when it negotiated: enough to look up its rights whenever it uses them.</summary>
internal sealed record RealtimeGrant(string Subject, bool IsIdentity, bool IsOwner, Scope Scopes)
{
    public string? KeyId { get; init; }

    public string? DeviceId { get; init; }

    public int DeviceGeneration { get; init; }

    /// <summary>Which shared secret it showed; see <see cref="Secret.Mark"/>.</summary>
    public string? SecretMark { get; init; }
}

/// <summary>The rights of negotiated clients at the moment they are used: a key that was revoked, a device that lost its tokens and a
/// secret that was replaced let no one in any more.</summary>
internal sealed class RealtimeRights(
    Authenticator authenticator, ApiKeyCache keys, DeviceCache devices, DeviceRights owners, TimeProvider time)
{
    /// <summary>How callers prove themselves now.</summary>
    public AuthMode Mode => authenticator.Mode;

    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async ValueTask<RealtimeGrant> RecordAsync(Caller caller, CancellationToken cancellationToken)
    {
        var grant = new RealtimeGrant(caller.Subject, caller.IsIdentity, caller.IsOwner, caller.Scopes);
        return caller switch
        {
            { Device: { } id } => grant with
            {
                DeviceId = id,
                DeviceGeneration = (await devices.FindAsync(id, cancellationToken))?.Generation ?? 0,
            },
            { Key: { } key } => grant with { KeyId = key.Id },
            { IsIdentity: false } => grant with { SecretMark = authenticator.SecretMark },
            _ => grant,
        };
    }

    /// <returns>The caller with what is left of its rights; null when there is nothing left.</returns>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async ValueTask<Caller?> FindAsync(RealtimeGrant grant, CancellationToken cancellationToken)
    {
        var recorded = new Caller(grant.Subject, grant.Scopes, grant.IsIdentity, grant.IsOwner);
        if (grant.DeviceId is { } deviceId)
        {
            return await FindDeviceAsync(grant, deviceId, cancellationToken);
        }

        if (grant.KeyId is { } keyId)
        {
            var key = await keys.FindAsync(keyId, cancellationToken);
            return key is { RevokedAt: null } && !(key.ExpiresAt <= time.GetUtcNow())
                ? recorded with { Key = key, Scopes = Left(key.Scopes, grant.Scopes) }
                : null;
        }

        var isStillTrue = grant.SecretMark is { } mark ? mark == authenticator.SecretMark
            : authenticator.Mode is AuthMode.TrustedProxy or AuthMode.None;
        return isStillTrue ? recorded : null;
    }

    private async ValueTask<Caller?> FindDeviceAsync(RealtimeGrant grant, string deviceId, CancellationToken cancellationToken)
    {
        var device = await devices.FindAsync(deviceId, cancellationToken);
        if (device is null || device.Generation != grant.DeviceGeneration)
        {
            return null;
        }

        try
        {
            var caller = await owners.ActForOwnerAsync(device, cancellationToken);
            return caller with { Scopes = Left(caller.Scopes, grant.Scopes), IsOwner = caller.IsOwner && grant.IsOwner };
        }
        catch (GatewayException ended) when (ended.Error.Status == 401)
        {
            return null;
        }
    }

    internal static Scope Left(Scope granted, Scope wanted) => granted.Covers(wanted) ? wanted : granted & wanted;
}
