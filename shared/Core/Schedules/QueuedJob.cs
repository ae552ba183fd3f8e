namespace OpenClaw.Schedules;

/// <summary>A run of a job that was accepted: the job as it was then.</summary>
internal sealed record QueuedJob(Job Job, DateTimeOffset DueAt);
