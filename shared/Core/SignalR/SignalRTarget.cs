namespace OpenClaw.SignalR;

/// <summary>Whom a message reaches: every client of the hub, one connection, a user's connections or a group's.</summary>
public readonly record struct SignalRTarget
{
    private SignalRTarget(string path, bool isConnection) => (Path, IsConnection) = (path, isConnection);

    public static SignalRTarget Hub { get; } = new("", false);

    /// <summary>Path behind that of the hub.</summary>
    internal string Path { get; }

    internal bool IsConnection { get; }

    public static SignalRTarget Connection(string id) => new($"/connections/{Uri.EscapeDataString(id)}", true);

    public static SignalRTarget User(string id) => new($"/users/{Uri.EscapeDataString(id)}", false);

    public static SignalRTarget Group(string name) => new($"/groups/{Uri.EscapeDataString(name)}", false);
}
