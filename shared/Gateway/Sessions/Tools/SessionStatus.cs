using System.Text.Json;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tools;
using OpenClaw.Tools.BuiltIn;

namespace OpenClaw.Gateway.Sessions.Tools;

/// <summary><c>session_status</c>: what is known of a conversation.</summary>
internal sealed class SessionStatus(VisibleSessions sessions, SessionStore store) : BuiltInTool(
    "session_status", "group:sessions", isRepeatable: true,
    "Says what is known of a conversation: model, thinking, numbers of turns and messages, and whether a run holds it.",
    """
    {"type":"object","properties":{
      "sessionKey":{"type":"string","description":"Key of a session; this one by default"}},
     "additionalProperties":false}
    """)
{
    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var found = await sessions.FindAsync(call.Context, input.OptionalText("sessionKey", 512), cancellationToken);
        var status = SessionLookup.Describe(found, store.IsHeld(found.Head));
        return ToolResult.Of(UntrustedText.Clean(JsonSerializer.Serialize(status, SessionsJson.Default.SessionInfo)));
    }
}
