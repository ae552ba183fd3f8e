using System.Text.Json;
using OpenClaw.Security;
using OpenClaw.Tools;
using OpenClaw.Tools.BuiltIn;

namespace OpenClaw.Gateway.Sessions.Tools;

/// <summary><c>sessions_list</c>: the sessions that the call may reach, newest first.</summary>
internal sealed class SessionsList(VisibleSessions sessions, SessionLookup lookup) : BuiltInTool(
    "sessions_list", "group:sessions", isRepeatable: true,
    "Lists conversations that you may read, newest first.",
    """
    {"type":"object","properties":{
      "search":{"type":"string","description":"Part of a key, a title, or a whole label"},
      "limit":{"type":"integer","minimum":1,"maximum":200,"description":"Most sessions, 50 by default"}},
     "additionalProperties":false}
    """)
{
    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var search = input.OptionalText("search", 200)?.Trim() ?? "";
        var limit = input.Whole("limit", 50, 1, 200);
        var found = (await sessions.ListAsync(call.Context, cancellationToken)).Where(entry =>
            search.Length == 0 || entry.Key.Contains(search, StringComparison.OrdinalIgnoreCase)
            || entry.Title?.Contains(search, StringComparison.OrdinalIgnoreCase) == true
            || entry.Labels.Contains(search, StringComparer.OrdinalIgnoreCase)).ToList();
        var list = new SessionList([.. found.Take(limit).Select(lookup.Describe)], found.Count, null);
        return ToolResult.Of(UntrustedText.Clean(JsonSerializer.Serialize(list, SessionsJson.Default.SessionList)));
    }
}
