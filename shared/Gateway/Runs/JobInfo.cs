using OpenClaw.Schedules;

namespace OpenClaw.Gateway.Runs;

/// <summary>A job, in the fields of the original.</summary>
internal sealed record JobInfo(
    string Id, string Name, bool Enabled, string AgentId, ScheduleText Schedule, string SessionTarget, string WakeMode, JobPayload Payload,
    JobDelivery Delivery, long CreatedAtMs, long UpdatedAtMs, JobState State)
{
    public string? Description { get; init; }

    public bool? DeleteAfterRun { get; init; }

    public static JobInfo Of(JobStatus status)
    {
        var job = status.Job;
        return new JobInfo(
            job.Id, job.Name, job.Enabled, job.AgentId, job.Schedule, job.SessionTarget, job.WakeMode, job.Payload, job.Delivery,
            job.CreatedAt.ToUnixTimeMilliseconds(), job.UpdatedAt.ToUnixTimeMilliseconds(), JobState.Of(status))
        {
            Description = job.Description,
            DeleteAfterRun = job.DeleteAfterRun ? true : null,
        };
    }
}

/// <summary>How a job stands; times in Unix milliseconds.</summary>
internal sealed record JobState
{
    public long? NextRunAtMs { get; init; }

    public long? RunningAtMs { get; init; }

    /// <summary>The run that is under way.</summary>
    public string? RunId { get; init; }

    public long? LastRunAtMs { get; init; }

    /// <summary><c>ok</c>, <c>error</c> or <c>skipped</c>.</summary>
    public string? LastStatus { get; init; }

    public string? LastError { get; init; }

    public long? LastDurationMs { get; init; }

    /// <summary>Runs since the last one that succeeded; absent when it was the last.</summary>
    public int? ConsecutiveErrors { get; init; }

    public static JobState Of(JobStatus status) => new()
    {
        NextRunAtMs = status.NextRunAt?.ToUnixTimeMilliseconds(),
        RunningAtMs = status.RunningSince?.ToUnixTimeMilliseconds(),
        RunId = status.RunId,
        LastRunAtMs = status.LastRunAt?.ToUnixTimeMilliseconds(),
        LastStatus = status.LastStatus,
        LastError = status.LastError,
        LastDurationMs = (long?)status.LastDuration?.TotalMilliseconds,
        ConsecutiveErrors = status.ConsecutiveErrors > 0 ? status.ConsecutiveErrors : null,
    };
}

/// <summary>A run of a job that has ended; times in Unix milliseconds.</summary>
/// <param name="Ts">When it ended.</param>
internal sealed record JobRunInfo(long Ts, string JobId, string Status, long RunAtMs, long DurationMs)
{
    public string? RunId { get; init; }

    public string? Error { get; init; }

    /// <summary>The beginning of the answer.</summary>
    public string? Summary { get; init; }

    public static JobRunInfo Of(JobRun run) => new(
        run.EndedAt.ToUnixTimeMilliseconds(), run.JobId, run.Status, run.StartedAt.ToUnixTimeMilliseconds(),
        (long)(run.EndedAt - run.StartedAt).TotalMilliseconds)
    {
        RunId = run.RunId,
        Error = run.Message,
        Summary = run.Summary,
    };
}
