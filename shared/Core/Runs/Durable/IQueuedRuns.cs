using OpenClaw.Errors;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;

namespace OpenClaw.Runs.Durable;

/// <summary>A front that accepts runs to be executed later, and reads its stored requests again. One per kind.</summary>
public interface IQueuedRuns
{
    /// <summary>The kind of its requests, as in <see cref="QueuedRun.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>The run that a stored request asks for.</summary>
    /// <exception cref="GatewayException">It can no longer be executed; for example, its agent no longer exists.</exception>
    Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken);

    /// <summary>Answers a request that needs no run, such as a command. Null lets it run.</summary>
    Task<QueuedAnswer?> AnswerAsync(QueuedRun queued, CancellationToken cancellationToken) => Task.FromResult<QueuedAnswer?>(null);

    /// <summary>What is to be delivered when a request ends without a turn; null for nothing.</summary>
    OutboxDraft? ReplyTo(QueuedRun queued, GatewayError failure) => null;
}
