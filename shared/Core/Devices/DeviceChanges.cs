namespace OpenClaw.Devices;

/// <summary>Tells this process what happened to devices, so that live connections follow at once. Other instances notice when they look at
/// the devices of their connections again.</summary>
public sealed class DeviceChanges
{
    /// <summary>A device asks for approval.</summary>
    public event Action<PairingRequest>? Requested;

    /// <summary>A request was decided.</summary>
    public event Action<ResolvedPairing>? Resolved;

    /// <summary>The tokens of a device have ended.</summary>
    public event Action<string>? Ended;

    public void Request(PairingRequest request) => Requested?.Invoke(request);

    /// <param name="decision"><c>approved</c> or <c>rejected</c>.</param>
    public void Resolve(string requestId, string deviceId, string decision) =>
        Resolved?.Invoke(new ResolvedPairing(requestId, deviceId, decision));

    public void End(string deviceId) => Ended?.Invoke(deviceId);
}

/// <param name="Decision"><c>approved</c> or <c>rejected</c>.</param>
public sealed record ResolvedPairing(string RequestId, string DeviceId, string Decision);
