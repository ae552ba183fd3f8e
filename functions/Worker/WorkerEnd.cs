namespace OpenClaw.Functions.Worker;

/// <summary>Why the worker leaves. Only a worker that was told to may exit with 0: the host never restarts one that did.</summary>
/// <param name="ExitCode">200 asks the host for a new process, 1 counts as an error.</param>
/// <param name="Reason">One line for the host's crash report; null when all is well.</param>
public sealed record WorkerEnd(int ExitCode, string? Reason)
{
    public static WorkerEnd Terminated { get; } = new(0, null);

    public static WorkerEnd HostLost(string reason) => new(200, reason);

    public static WorkerEnd Failed(string reason) => new(1, reason);
}
