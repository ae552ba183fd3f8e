using OpenClaw.Runs.Durable;

namespace OpenClaw.Schedules;

/// <summary>A run of a job that was accepted: the job as it was then.</summary>
/// <param name="Route">Where its answer is announced; null for nowhere.</param>
internal sealed record QueuedJob(Job Job, DateTimeOffset DueAt, ReplyRoute? Route = null);

/// <summary>What a delivery to a URL says of a run that has ended.</summary>
/// <param name="Action"><c>finished</c>.</param>
/// <param name="Status"><c>ok</c> or <c>error</c>.</param>
/// <param name="RunAtMs">The time for which the run was started, in Unix milliseconds.</param>
internal sealed record JobReport(string Action, string JobId, string Name, string RunId, string Status, long RunAtMs)
{
    /// <summary>The text of the answer.</summary>
    public string? Result { get; init; }

    public string? Error { get; init; }
}
