using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Devices;

/// <summary><c>device.pair.*</c> and <c>device.token.*</c>.</summary>
internal sealed class DeviceMethods(
    DeviceStore devices, DevicePairing pairing, DeviceChanges changes, PresenceView presence, TimeProvider time) : IControlMethods
{
    public void AddTo(MethodTable table)
    {
        var json = DeviceMethodsJson.Default;
        table.Add("device.pair.list", Scope.OperatorPairing, json.DevicePairListParams, json.DevicePairList, ListAsync);
        table.Add("device.pair.approve", Scope.OperatorPairing, json.PairingRequestParams, json.DeviceApproved, ApproveAsync);
        table.Add("device.pair.reject", Scope.OperatorPairing, json.PairingRequestParams, json.DeviceDecided, RejectAsync);
        table.Add("device.pair.remove", Scope.OperatorPairing, json.DeviceIdParams, json.DeviceRemoved, RemoveAsync);
        table.Add("device.pair.rename", Scope.OperatorPairing, json.DeviceRenameParams, json.DeviceRenamed, RenameAsync);
        table.Add("device.token.rotate", Scope.OperatorPairing, json.DeviceTokenParams, json.DeviceTokenRotated, RotateAsync);
        table.Add("device.token.revoke", Scope.OperatorPairing, json.DeviceTokenParams, json.DeviceTokenRevoked, RevokeAsync);
    }

    public static PairingEntry Describe(PairingRequest request)
    {
        var facts = request.Facts;
        return new PairingEntry(
            request.RequestId, facts.Identity.Id, facts.Identity.PublicKey, facts.Platform, facts.ClientId, facts.ClientMode,
            Device.OperatorRole, [Device.OperatorRole], Scopes.ListNames(request.Scopes), false, request.IsRepair,
            request.At.ToUnixTimeMilliseconds())
        {
            DisplayName = facts.DisplayName,
            DeviceFamily = facts.DeviceFamily,
            RemoteIp = request.RemoteAddress,
        };
    }

    private async Task<DevicePairList> ListAsync(ControlCall call, DevicePairListParams given, CancellationToken cancellationToken)
    {
        var pending = await pairing.ListAsync(cancellationToken);
        var paired = await devices.ListAsync(cancellationToken);
        var own = paired.Where(d => call.Caller.IsOperator || d.Owner == call.Caller.Subject);
        return new DevicePairList(
            [.. pending.Select(Describe)], await Task.WhenAll(own.Select(device => DescribeAsync(device, cancellationToken))));
    }

    private async Task<DeviceApproved> ApproveAsync(ControlCall call, PairingRequestParams given, CancellationToken cancellationToken)
    {
        var device = await DecideAsync(() => pairing.ApproveAsync(call.Caller, given.RequestId, cancellationToken));
        changes.Resolve(given.RequestId, device.Id, "approved");
        return new DeviceApproved(given.RequestId, await DescribeAsync(device, cancellationToken));
    }

    private async Task<DeviceDecided> RejectAsync(ControlCall call, PairingRequestParams given, CancellationToken cancellationToken)
    {
        var rejected = await DecideAsync(() => pairing.RejectAsync(given.RequestId, cancellationToken));
        changes.Resolve(given.RequestId, rejected.Facts.Identity.Id, "rejected");
        return new DeviceDecided(given.RequestId, rejected.Facts.Identity.Id);
    }

    private async Task<DeviceRemoved> RemoveAsync(ControlCall call, DeviceIdParams given, CancellationToken cancellationToken)
    {
        await devices.RemoveAsync(call.Caller, given.DeviceId, cancellationToken);
        call.Afterwards = () => changes.End(given.DeviceId);
        return new DeviceRemoved(given.DeviceId);
    }

    private async Task<DeviceRenamed> RenameAsync(ControlCall call, DeviceRenameParams given, CancellationToken cancellationToken)
    {
        var label = given.Label.Trim();
        if (label.Length == 0 || label.Any(char.IsControl))
        {
            throw RpcException.Invalid("label must be a line of text");
        }

        var device = await devices.RenameAsync(call.Caller, given.DeviceId, label, cancellationToken);
        return new DeviceRenamed(device.Id, label);
    }

    /// <summary>Ends the device's tokens and connections; the answer has the new token only when the device rotates its own.</summary>
    private async Task<DeviceTokenRotated> RotateAsync(ControlCall call, DeviceTokenParams given, CancellationToken cancellationToken)
    {
        CheckRole(given.Role);
        Scope? scopes = given.Scopes is null ? null : given.Scopes.Aggregate(
            Scope.None, static (all, name) => Scopes.TryParse(name, out var scope) ? all | scope
                : throw RpcException.Invalid($"unknown scope: {name}"));
        var (device, token) = await devices.RotateAsync(call.Caller, given.DeviceId, scopes, cancellationToken);
        call.Afterwards = () => changes.End(device.Id);
        return new DeviceTokenRotated(
            device.Id, given.Role, Scopes.ListNames(device.Scopes), time.GetUtcNow().ToUnixTimeMilliseconds(),
            token is null ? "withheld-cross-device" : "in-band")
        {
            Token = token,
        };
    }

    private async Task<DeviceTokenRevoked> RevokeAsync(ControlCall call, DeviceTokenParams given, CancellationToken cancellationToken)
    {
        CheckRole(given.Role);
        await devices.RevokeAsync(call.Caller, given.DeviceId, cancellationToken);
        call.Afterwards = () => changes.End(given.DeviceId);
        return new DeviceTokenRevoked(given.DeviceId, given.Role, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>The original's words for a request that is not there.</summary>
    private static async Task<T> DecideAsync<T>(Func<Task<T>> decide)
    {
        try
        {
            return await decide();
        }
        catch (GatewayException failure) when (failure.Error.Code == ErrorCode.PairingRequestNotFound)
        {
            throw RpcException.Invalid("unknown requestId");
        }
    }

    private static void CheckRole(string role)
    {
        if (role != Device.OperatorRole)
        {
            throw RpcException.Invalid($"unknown role: {role}");
        }
    }

    private async Task<DeviceEntry> DescribeAsync(Device device, CancellationToken cancellationToken)
    {
        var facts = device.Facts;
        return new DeviceEntry(
            device.Id, facts.Identity.PublicKey, facts.Platform, facts.ClientId, facts.ClientMode, Device.OperatorRole,
            [Device.OperatorRole], Scopes.ListNames(device.Scopes), device.ApprovedVia, device.CreatedAt.ToUnixTimeMilliseconds(),
            device.ApprovedAt.ToUnixTimeMilliseconds(), await presence.IsConnectedAsync(device.Id, cancellationToken),
            device.Tokens is [var newest, ..]
                ? [new DeviceTokenEntry(Device.OperatorRole, Scopes.ListNames(device.Scopes), newest.CreatedAt.ToUnixTimeMilliseconds())]
                : [])
        {
            DisplayName = facts.DisplayName,
            Label = device.Label,
            DeviceFamily = facts.DeviceFamily,
            LastSeenAtMs = device.LastSeenAt?.ToUnixTimeMilliseconds(),
        };
    }
}
