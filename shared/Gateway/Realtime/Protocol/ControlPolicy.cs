namespace OpenClaw.Gateway.Realtime.Protocol;

/// <summary>Numbers of the control-plane protocol, as <c>hello-ok</c> tells them to clients. Source: control plane of OpenClaw,
/// protocol 4.</summary>
internal static class ControlPolicy
{
    public const int Protocol = 4;

    /// <summary>The oldest protocol that a probe may ask with.</summary>
    public const int MinProbeProtocol = 3;

    /// <summary>Bytes of a frame before the client has connected.</summary>
    public const int MaxPayloadBeforeConnect = 64 * 1024;

    /// <summary>Bytes of a frame.</summary>
    public const int MaxPayload = 25 * 1024 * 1024;

    /// <summary>Requests of one connection that are answered at the same time; reading pauses while there are more.</summary>
    public const int MaxConcurrentRequests = 32;

    /// <summary>Sessions that one connection may subscribe to: each is looked at every second.</summary>
    public const int MaxSubscriptions = 100;

    public static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may stay without a caller.</summary>
    public static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(15);
}

/// <summary>Why a connection is closed, as WebSocket close codes.</summary>
internal static class CloseCode
{
    public const int Normal = 1000;
    public const int ProtocolMismatch = 1002;
    public const int Policy = 1008;
    public const int TooBig = 1009;
    public const int ServiceRestart = 1012;
    public const int TryAgainLater = 1013;

    /// <summary>The device of the connection was removed, or its tokens have ended.</summary>
    public const int DeviceRemoved = 4001;
}
