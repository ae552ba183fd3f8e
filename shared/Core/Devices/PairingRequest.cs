using OpenClaw.Security;

namespace OpenClaw.Devices;

/// <summary>A device that asks to be paired, or a paired one that asks for more.</summary>
/// <param name="RemoteAddress">Where it connects from; for the person who decides, never for a decision of the gateway.</param>
/// <param name="IsRepair">True when the device was paired before.</param>
public sealed record PairingRequest(
    string RequestId, DeviceFacts Facts, Scope Scopes, string? RemoteAddress, bool IsRepair, DateTimeOffset At)
{
    /// <summary>How long a request waits for a decision.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Requests that may wait at once; a device that comes then is refused until one has ended.</summary>
    public const int MaxPending = 50;
}
