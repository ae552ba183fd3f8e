namespace OpenClaw.Gateway.Devices;

/// <summary>A paired device as <c>/api/devices</c> shows it.</summary>
/// <param name="Name">The label that a person gave it, else what the client calls itself.</param>
/// <param name="ApprovedVia"><c>secret</c> or <c>owner</c>.</param>
/// <param name="Tokens">How many tokens let it in.</param>
internal sealed record DeviceInfo(
    string Id, string? Name, string Platform, string ClientId, string Role, IReadOnlyList<string> Scopes, string Owner, string ApprovedVia,
    DateTimeOffset CreatedAt, DateTimeOffset ApprovedAt, DateTimeOffset? LastSeenAt, int Tokens);

/// <summary>A device that waits for approval.</summary>
internal sealed record PairingInfo(
    string RequestId, string DeviceId, string? Name, string Platform, string ClientId, string Role, IReadOnlyList<string> Scopes,
    string? RemoteAddress, bool Repair, DateTimeOffset RequestedAt);

/// <summary>Answer of <c>GET /api/devices</c>.</summary>
internal sealed record DeviceList(IReadOnlyList<PairingInfo> Pending, IReadOnlyList<DeviceInfo> Paired);

/// <summary>Answer of a request that was rejected, or of a device that was removed.</summary>
internal sealed record DeviceOutcome(string DeviceId, string Action, bool Ok);
