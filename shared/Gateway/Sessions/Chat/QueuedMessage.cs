using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>A message that was put into a session and is answered later.</summary>
public sealed record QueuedMessage(Caller Caller, ModelSelection Selection, string Message)
{
    public QueuedRun ToQueuedRun(SessionKey session, DateTimeOffset now) => QueuedRun.Create(
        session, RunId.New(session), QueuedMessages.RunKind, JsonSerializer.Serialize(this, SessionsJson.Default.QueuedMessage), now);

    /// <exception cref="GatewayException"><c>404 model_not_found</c>, <c>403 agent_not_allowed</c>.</exception>
    public RunRequest ToRunRequest(QueuedRun queued, RunAdmission admission, TimeSpan limit) => new()
    {
        RunId = queued.RunId,
        Caller = Caller,
        Agent = admission.FindAgent(Selection, Caller),
        Selection = Selection,
        Session = queued.Session,
        Input = [new MessageItem("user", [new TextPart(Message)]) { Id = RandomId.Message() }],
        InputParam = "message",
        Limit = limit,
    };
}
