namespace OpenClaw.Gateway.Realtime.Methods;

/// <summary>Methods of the original that this gateway does not have: clients ask for some of them without looking at the list of methods,
/// and go on when the answer says that the subject is missing. They are known by the first part of their name.</summary>
internal static class LaterMethods
{
    private static readonly HashSet<string> Families = new(
        ("agent agents approval artifacts assistant attach audit board channels chat commands config controlUi conversations cron desktop "
            + "device diagnostics doctor environments exec fs gateway hooks logs mcp memory mentions message migrations models nativeHook "
            + "node openclaw plugin plugins poll portal progressCard projects push question secrets send session sessions set-heartbeats "
            + "skills system system-event talk taskSuggestions tasks terminal themes tools tts ui update usage users voicewake wake web "
            + "wizard worker worktrees").Split(' '),
        StringComparer.Ordinal);

    /// <summary>Whether the original may have a method of this name.</summary>
    public static bool IsKnown(string method) =>
        method.Length <= 100 && Families.Contains(method.Split('.')[0]) && (method.Contains('.', StringComparison.Ordinal)
            || method is "poll" or "send" or "set-heartbeats" or "system-event" or "wake");
}
