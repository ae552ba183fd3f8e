using System.Text.Json;
using OpenClaw.Gateway.Sessions.Chat;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Tools;
using OpenClaw.Tools.BuiltIn;

namespace OpenClaw.Gateway.Sessions.Tools;

/// <summary><c>sessions_send</c>: puts a message into another conversation, to be answered there with the rights of the caller. A call that
/// is repeated sends it once.</summary>
internal sealed class SessionsSend(
    VisibleSessions sessions, RunAdmission admission, RunLimits limits, RunControl control, TimeProvider time) : BuiltInTool(
    "sessions_send", "group:sessions", isRepeatable: true,
    "Sends a message to another conversation, whose agent answers it there, later.",
    """
    {"type":"object","properties":{
      "sessionKey":{"type":"string","description":"Key of a session, as sessions_list names it"},
      "message":{"type":"string","description":"What to say"}},
     "required":["sessionKey","message"],"additionalProperties":false}
    """)
{
    private const int MaxMessage = 100_000;

    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var context = call.Context;
        var text = input.Text("message", MaxMessage);
        var found = await sessions.FindAsync(context, input.Text("sessionKey", 512), cancellationToken);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ToolException("The argument 'message' is empty.");
        }

        if (found.Key == context.Session)
        {
            throw new ToolException("This is the session that you are in; just answer.");
        }

        if (context.Session is { } from)
        {
            text = $"[Message from the session {from.Key}]\n{text}";
        }

        var selection = ModelSelection.Parse(null, found.Key.Agent, "");
        var message = new QueuedMessage(context.Caller, selection, text);
        var queued = message.ToQueuedRun(found.Key, time.GetUtcNow());
        var admitted = await admission.AdmitAsync(message.ToRunRequest(queued, admission, limits.Background), cancellationToken);
        var runId = await control.AcceptAsync(
            admitted, queued, [], $"tool {context.Caller.Subject} {context.RunId} {call.Id}", cancellationToken);
        return ToolResult.Of(JsonSerializer.Serialize(
            new SessionRun(found.Key.Key, "send", runId), SessionsJson.Default.SessionRun));
    }
}
