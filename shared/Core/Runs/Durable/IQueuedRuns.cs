using OpenClaw.Errors;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Durable;

/// <summary>A front that accepts runs to be executed later, and reads its stored requests again. One per kind.</summary>
public interface IQueuedRuns
{
    /// <summary>The kind of its requests, as in <see cref="QueuedRun.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>The run that a stored request asks for.</summary>
    /// <exception cref="GatewayException">It can no longer be executed; for example, its agent no longer exists.</exception>
    Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken);
}
