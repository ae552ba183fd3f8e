using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime;

/// <summary>The path to which SignalR Service sends its clients' events. The deployment configures it in the
/// service.</summary>
public static class SignalRUpstream
{
    public const string Hub = SignalRService.Hub;

    public const string Route = "signalr/upstream/{hub}/{category}/{event}";
}
