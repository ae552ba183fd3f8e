using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Gateway.Realtime.Methods.Devices;

internal sealed record DevicePairListParams;

internal sealed record PairingRequestParams
{
    [MinLength(1)]
    public required string RequestId { get; init; }
}

internal sealed record DeviceIdParams
{
    [MinLength(1)]
    public required string DeviceId { get; init; }
}

internal sealed record DeviceRenameParams
{
    [MinLength(1)]
    public required string DeviceId { get; init; }

    [MinLength(1), MaxLength(64)]
    public required string Label { get; init; }
}

internal sealed record DeviceTokenParams
{
    [MinLength(1)]
    public required string DeviceId { get; init; }

    [MinLength(1)]
    public required string Role { get; init; }

    /// <summary>Only for <c>device.token.rotate</c>: what the device may do from now on.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }
}

internal sealed record DevicePairList(IReadOnlyList<PairingEntry> Pending, IReadOnlyList<DeviceEntry> Paired);

/// <summary>A device that waits for approval; also the payload of <c>device.pair.requested</c>.</summary>
internal sealed record PairingEntry(
    string RequestId, string DeviceId, string PublicKey, string Platform, string ClientId, string ClientMode, string Role,
    IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes, bool Silent, bool IsRepair, long Ts)
{
    public string? DisplayName { get; init; }

    public string? DeviceFamily { get; init; }

    public string? RemoteIp { get; init; }
}

internal sealed record DeviceEntry(
    string DeviceId, string PublicKey, string Platform, string ClientId, string ClientMode, string Role, IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes, string ApprovedVia, long CreatedAtMs, long ApprovedAtMs, bool Connected,
    IReadOnlyList<DeviceTokenEntry> Tokens)
{
    public string? DisplayName { get; init; }

    public string? Label { get; init; }

    public string? DeviceFamily { get; init; }

    public long? LastSeenAtMs { get; init; }
}

/// <summary>The token of a role; the token itself is never shown.</summary>
internal sealed record DeviceTokenEntry(string Role, IReadOnlyList<string> Scopes, long CreatedAtMs);

internal sealed record DeviceApproved(string RequestId, DeviceEntry Device);

internal sealed record DeviceDecided(string RequestId, string DeviceId);

internal sealed record DeviceRemoved(string DeviceId);

internal sealed record DeviceRenamed(string DeviceId, string Label);

/// <param name="TokenDelivery"><c>in-band</c>, or <c>withheld-cross-device</c>: only the device itself gets its token.</param>
internal sealed record DeviceTokenRotated(string DeviceId, string Role, IReadOnlyList<string> Scopes, long RotatedAtMs, string TokenDelivery)
{
    public string? Token { get; init; }
}

internal sealed record DeviceTokenRevoked(string DeviceId, string Role, long RevokedAtMs);
