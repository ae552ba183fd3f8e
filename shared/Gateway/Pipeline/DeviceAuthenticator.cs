using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Security.Keys;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Finds the caller behind the token of a paired device. It acts for the subject that approved the device, with the scopes of the
/// device.</summary>
public sealed class DeviceAuthenticator(DeviceCache devices, ApiKeyCache keys, FailedAuthLimiter limiter, TimeProvider time)
{
    /// <summary>Failures are counted apart, so that a device with an old token does not lock out the gateway's secret.</summary>
    private const string DeviceClass = "device";

    /// <param name="text">The credential, which claims to be a device token.</param>
    /// <param name="client">Bucket of the client's address.</param>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>429 auth_rate_limited</c>, <c>503
    /// storage_unavailable</c>.</exception>
    public async ValueTask<Caller> AuthenticateAsync(string text, string? client, CancellationToken cancellationToken)
    {
        var device = DeviceTokenText.DeviceOf(text) is { } id ? await devices.FindAsync(id, cancellationToken) : null;
        if (device?.FindToken(text) is null)
        {
            throw new GatewayException(await limiter.FailAsync(DeviceClass, client) is { } wait
                ? GatewayError.TooManyFailedAttempts(wait)
                : GatewayError.Unauthorized("This device token has been revoked or replaced, or it never existed."));
        }

        limiter.Succeed(DeviceClass, client);
        return await ActForOwnerAsync(device, cancellationToken);
    }

    /// <summary>The caller that a device is. One that a named key approved has no more rights than the key has now.</summary>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>: the key has ended; <c>503 storage_unavailable</c>.</exception>
    internal async ValueTask<Caller> ActForOwnerAsync(Device device, CancellationToken cancellationToken)
    {
        var scopes = device.Scopes;
        var caller = new Caller(device.Owner, scopes, IsIdentity: true, IsOwner: false) { Device = device.Id };
        if (!device.Owner.StartsWith(ApiKey.SubjectOf(""), StringComparison.Ordinal))
        {
            return caller with { IsOwner = caller.IsOperator && scopes.HasFlag(Scope.OperatorAdmin) };
        }

        var key = await keys.FindAsync(device.Owner[ApiKey.SubjectOf("").Length..], cancellationToken);
        return key is { RevokedAt: null } && !(key.ExpiresAt <= time.GetUtcNow())
            ? caller with { Key = key, Scopes = key.Scopes.Covers(scopes) ? scopes : key.Scopes & scopes }
            : throw new GatewayException(GatewayError.Unauthorized("The API key that approved this device has ended."));
    }
}
