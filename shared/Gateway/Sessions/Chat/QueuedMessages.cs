using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
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

/// <summary>Reads stored messages into sessions again, on the instance that answers them.</summary>
public sealed class QueuedMessages(RunAdmission admission, RunLimits limits) : IQueuedRuns
{
    public const string RunKind = "message";

    public string Kind => RunKind;

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken)
    {
        var message = JsonSerializer.Deserialize(queued.Request, SessionsJson.Default.QueuedMessage)
            ?? throw new InvalidOperationException("The stored message is empty.");
        return Task.FromResult(message.ToRunRequest(queued, admission, limits.Background));
    }
}

/// <summary>Answer of the session actions <c>send</c> and <c>abort</c>.</summary>
/// <param name="RunId">The run that answers the message, or that was ended; null when none was under way.</param>
public sealed record SessionRun(string SessionId, string Action, string? RunId);

/// <summary>Answer of <c>POST /sessions/{key}/kill</c>.</summary>
/// <param name="RunId">The run that was ended; absent when none was under way.</param>
public sealed record KilledSession(bool Ok, string Key, string? RunId);
