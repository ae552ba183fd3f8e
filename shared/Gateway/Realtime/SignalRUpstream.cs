namespace OpenClaw.Gateway.Realtime;

/// <summary>Where SignalR Service sends what its clients do: the deployment writes it into the service, the gateway answers there.</summary>
public static class SignalRUpstream
{
    public const string Hub = "openclaw";

    public const string Route = "signalr/upstream/{hub}/{category}/{event}";
}
