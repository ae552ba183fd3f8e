namespace OpenClaw.Tools.Policy;

/// <summary>Named sets of tools. Source: tool profiles of the original OpenClaw.</summary>
internal static class ToolProfiles
{
    private static readonly Dictionary<string, string[]?> Sets = new(StringComparer.Ordinal)
    {
        ["minimal"] = ["session_status"],
        ["coding"] = ["group:fs", "group:runtime", "group:web", "group:sessions", "group:memory", "group:mcp", "cron", "image"],
        ["messaging"] = ["group:messaging", "group:mcp", "sessions_list", "sessions_history", "sessions_send", "session_status"],
        ["full"] = null,
    };

    /// <summary>The tools of a profile; null for all tools.</summary>
    /// <param name="name">Null is <c>full</c>.</param>
    public static IReadOnlyList<string>? Find(string? name) => name is null ? null : Sets[name];
}
