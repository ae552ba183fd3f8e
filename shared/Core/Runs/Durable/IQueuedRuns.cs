using OpenClaw.Errors;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Durable;

/// <summary>A front that accepts runs to be carried out later, and can read its own requests again. One per kind.</summary>
public interface IQueuedRuns
{
    /// <summary>The kind of its requests, as in <see cref="QueuedRun.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>The run that a stored request asks for.</summary>
    /// <exception cref="GatewayException">It cannot be carried out any more, such as for an agent that is gone.</exception>
    Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken);
}

/// <summary>Has the waiting runs of a session carried out, somewhere, without making the caller wait.</summary>
public interface IRunDispatcher
{
    void Dispatch(string partition);
}
