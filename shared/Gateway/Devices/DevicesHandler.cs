using Microsoft.AspNetCore.Http;
using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Devices;

/// <summary>Paired devices over HTTP: so that a holder of the gateway's secret can approve the first device of a gateway that has no local
/// shell.</summary>
public sealed class DevicesHandler(DeviceStore devices, DevicePairing pairing, DeviceChanges changes)
{
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        var pending = await pairing.ListAsync(cancellationToken);
        var paired = await devices.ListAsync(cancellationToken);
        return new ApiResult<DeviceList>(
            new DeviceList([.. pending.Select(Describe)], [.. paired.Select(Describe)]), DevicesJson.Default.DeviceList);
    }

    /// <exception cref="GatewayException"><c>404 pairing_request_not_found</c>, <c>403 forbidden</c>.</exception>
    public async Task<IResult> ApproveAsync(HttpRequest request, string requestId, CancellationToken cancellationToken)
    {
        var device = await pairing.ApproveAsync(request.RequireCaller(), requestId, cancellationToken);
        changes.Resolve(requestId, device.Id, "approved");
        return new ApiResult<DeviceInfo>(Describe(device), DevicesJson.Default.DeviceInfo);
    }

    /// <exception cref="GatewayException"><c>404 pairing_request_not_found</c>.</exception>
    public async Task<IResult> RejectAsync(string requestId, CancellationToken cancellationToken)
    {
        var rejected = await pairing.RejectAsync(requestId, cancellationToken);
        changes.Resolve(requestId, rejected.Facts.Identity.Id, "rejected");
        return Done(rejected.Facts.Identity.Id, "reject");
    }

    /// <summary>Ends the device's tokens; the device stays in the list.</summary>
    /// <exception cref="GatewayException"><c>404 device_not_found</c>, <c>403 forbidden</c>.</exception>
    public async Task<IResult> RevokeAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var device = await devices.RevokeAsync(request.RequireCaller(), id, cancellationToken);
        changes.End(id);
        return new ApiResult<DeviceInfo>(Describe(device), DevicesJson.Default.DeviceInfo);
    }

    /// <exception cref="GatewayException"><c>404 device_not_found</c>, <c>403 forbidden</c>.</exception>
    public async Task<IResult> RemoveAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        await devices.RemoveAsync(request.RequireCaller(), id, cancellationToken);
        changes.End(id);
        return Done(id, "remove");
    }

    private static ApiResult<DeviceOutcome> Done(string deviceId, string action) =>
        new(new DeviceOutcome(deviceId, action, true), DevicesJson.Default.DeviceOutcome);

    private static DeviceInfo Describe(Device device) => new(
        device.Id, device.Label ?? device.Facts.DisplayName, device.Facts.Platform, device.Facts.ClientId, Device.OperatorRole,
        Scopes.ListNames(device.Scopes), device.Owner, device.ApprovedVia, device.CreatedAt, device.ApprovedAt, device.LastSeenAt,
        device.Tokens.Count);

    private static PairingInfo Describe(PairingRequest request) => new(
        request.RequestId, request.Facts.Identity.Id, request.Facts.DisplayName, request.Facts.Platform, request.Facts.ClientId,
        Device.OperatorRole, Scopes.ListNames(request.Scopes), request.RemoteAddress, request.IsRepair, request.At);
}
