namespace OpenClaw.Schedules;

/// <summary>What happens to jobs in this process, for who listens.</summary>
public sealed class JobChanges
{
    public event Action<JobChange>? Changed;

    internal void Note(string action, JobStatus status) => Changed?.Invoke(new JobChange(action, status, null));

    internal void NoteRun(JobStatus status, JobRun run) => Changed?.Invoke(new JobChange("finished", status, run));
}

/// <param name="Action"><c>added</c>, <c>updated</c>, <c>removed</c>, <c>started</c> or <c>finished</c>.</param>
/// <param name="Run">The run that has ended.</param>
public sealed record JobChange(string Action, JobStatus Status, JobRun? Run);
