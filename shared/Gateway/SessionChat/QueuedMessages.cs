using System.Text.Json;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.SessionChat;

/// <summary>A message that was put into a session and is answered later.</summary>
public sealed record QueuedMessage(Caller Caller, ModelSelection Selection, string Message)
{
    public QueuedRun ToQueuedRun(SessionKey session, DateTimeOffset now) => QueuedRun.Create(
        session, RunId.New(session), QueuedMessages.RunKind, JsonSerializer.Serialize(this, RestJson.Default.QueuedMessage), now);
}

/// <summary>Messages into sessions, read again by whichever instance answers them.</summary>
public sealed class QueuedMessages(RunLimits limits) : IQueuedRuns
{
    public const string RunKind = "message";

    public string Kind => RunKind;

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken)
    {
        var message = JsonSerializer.Deserialize(queued.Request, RestJson.Default.QueuedMessage)
            ?? throw new InvalidOperationException("The stored message is empty.");
        return Task.FromResult(new RunRequest
        {
            RunId = queued.RunId,
            Caller = message.Caller,
            Selection = message.Selection,
            Session = queued.Session,
            Input = [new MessageItem("user", [new TextPart(message.Message)]) { Id = RandomId.Message() }],
            InputParam = "message",
            Limit = limits.Background,
        });
    }
}

/// <summary>Answer of the session actions <c>send</c> and <c>abort</c>.</summary>
/// <param name="RunId">The run that answers the message, or that was ended; null when none was under way.</param>
public sealed record SessionRun(string SessionId, string Action, string? RunId);

/// <summary>Answer of <c>POST /sessions/{key}/kill</c>.</summary>
/// <param name="RunId">The run that was ended; absent when none was under way.</param>
public sealed record KilledSession(bool Ok, string Key, string? RunId);
