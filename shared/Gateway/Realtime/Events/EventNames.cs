namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>The events that clients may get; <c>hello-ok</c> lists them.</summary>
internal static class EventNames
{
    public const string Agent = "agent";
    public const string ApprovalRequested = "exec.approval.requested";
    public const string ApprovalResolved = "exec.approval.resolved";
    public const string Chat = "chat";
    public const string ConfigChanged = "config.changed";
    public const string Cron = "cron";
    public const string PairingRequested = "device.pair.requested";
    public const string PairingResolved = "device.pair.resolved";
    public const string SessionMessage = "session.message";
    public const string SessionTool = "session.tool";
    public const string SessionsChanged = "sessions.changed";

    public static IReadOnlyList<string> All { get; } =
    [
        "connect.challenge", Agent, Chat, SessionMessage, SessionTool, SessionsChanged, "presence", "tick", "shutdown", ConfigChanged, Cron,
        PairingRequested, PairingResolved, ApprovalRequested, ApprovalResolved,
    ];
}
