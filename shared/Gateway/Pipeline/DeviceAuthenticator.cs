using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Finds the caller behind the token of a paired device. It acts for the subject that approved the device, with the scopes of the
/// device.</summary>
public sealed class DeviceAuthenticator(
    DeviceCache devices, DeviceRights rights, DeviceSightings sightings, FailedAuthLimiter limiter)
{
    /// <summary>Failures are counted apart, so that a device with an old token does not lock out the gateway's secret.</summary>
    private const string DeviceClass = "device";

    /// <param name="text">The credential, which claims to be a device token.</param>
    /// <param name="client">Bucket of the client's address; null for one that is never locked out.</param>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>429 auth_rate_limited</c>, <c>503
    /// storage_unavailable</c>.</exception>
    public async ValueTask<Caller> AuthenticateAsync(string text, string? client, CancellationToken cancellationToken)
    {
        // A client that is locked out causes no read of storage: only devices that this instance knows are looked at.
        var id = DeviceTokenText.DeviceOf(text);
        if (limiter.LockedFor(DeviceClass, client) is { } locked && (id is null || !devices.IsKnown(id)))
        {
            throw new GatewayException(GatewayError.TooManyFailedAttempts(locked));
        }

        var device = id is null ? null : await devices.FindAsync(id, cancellationToken);
        if (device?.FindToken(text) is not { } token)
        {
            throw new GatewayException(await limiter.FailAsync(DeviceClass, client) is { } wait
                ? GatewayError.TooManyFailedAttempts(wait)
                : DeviceRights.Ended());
        }

        var caller = await rights.ActForOwnerAsync(device, cancellationToken) with { Shown = token.Secret };
        sightings.Note(device);
        return caller;
    }
}
