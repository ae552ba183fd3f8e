using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Security.Keys;
using OpenClaw.Security.Rights;

namespace OpenClaw.Devices;

/// <summary>What a paired device may do now. It acts for the subject that approved it, with the scopes of the device; one that a named key
/// approved has no more rights than the key.</summary>
public sealed class DeviceRights(DeviceCache devices, ApiKeyCache keys, TimeProvider time) : ICallerSource
{
    /// <summary>The caller that a device is.</summary>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>: the key has ended; <c>503 storage_unavailable</c>.</exception>
    public async ValueTask<Caller> ActForOwnerAsync(Device device, CancellationToken cancellationToken)
    {
        var scopes = device.Scopes;
        var caller = new Caller(device.Owner, scopes, IsIdentity: true, IsOwner: false) { Device = device.Id };
        if (ApiKey.IdOfSubject(device.Owner) is not { } id)
        {
            return caller with { IsOwner = caller.IsOperator && scopes.HasFlag(Scope.OperatorAdmin) };
        }

        var key = await keys.FindAsync(id, cancellationToken);
        return key is { RevokedAt: null } && !(key.ExpiresAt <= time.GetUtcNow())
            ? caller with { Key = key, Scopes = scopes.Within(key.Scopes) }
            : throw new GatewayException(GatewayError.Unauthorized("The API key that approved this device has ended."));
    }

    bool ICallerSource.Knows(Caller caller) => caller.Device is not null;

    async ValueTask<Caller> ICallerSource.RenewAsync(Caller caller, CancellationToken cancellationToken)
    {
        var device = await devices.FindAsync(caller.Device!, cancellationToken);
        if (device is null || device.Owner != caller.Subject || !LetsIn(device, caller.Shown))
        {
            throw new GatewayException(Ended());
        }

        var renewed = await ActForOwnerAsync(device, cancellationToken);
        return renewed.Scopes.Covers(caller.Scopes) && ReferenceEquals(renewed.Key, caller.Key) ? caller
            : caller with
            {
                Key = renewed.Key,
                Scopes = caller.Scopes.Within(renewed.Scopes),
                IsOwner = caller.IsOwner && renewed.IsOwner,
            };
    }

    /// <summary>Work that a device left behind is not bound to the token of then, but ends with a device that was revoked.</summary>
    private static bool LetsIn(Device device, Secret? shown) =>
        shown is null ? device.AwaitsToken || device.Tokens.Count > 0 : device.Tokens.Any(token => token.Secret.IsSame(shown));

    /// <summary>The token was never valid, or is no longer.</summary>
    public static GatewayError Ended() =>
        GatewayError.Unauthorized("This device token has been revoked or replaced, or it never existed.");
}
