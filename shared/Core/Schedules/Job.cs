using System.Text.Json.Serialization;

namespace OpenClaw.Schedules;

/// <summary>Work that the clock starts: a message to an agent, or an event of a session.</summary>
public sealed record Job
{
    /// <summary>A <see cref="WakeMode"/>.</summary>
    public const string NextHeartbeat = "next-heartbeat";

    /// <summary><c>job_</c> and 24 base62 characters.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Whether the schedule starts it; it can always be started by hand.</summary>
    public bool Enabled { get; init; } = true;

    public required string AgentId { get; init; }

    public required ScheduleText Schedule { get; init; }

    /// <summary><c>isolated</c>: each run has a session of its own. <c>main</c>: the agent's main session.</summary>
    public required string SessionTarget { get; init; }

    /// <summary><c>now</c> or <c>next-heartbeat</c>, for events of the main session.</summary>
    public required string WakeMode { get; init; }

    public required JobPayload Payload { get; init; }

    public JobDelivery Delivery { get; init; } = new();

    /// <summary>Whether a job that runs once is deleted after a run that succeeded; else it is switched off.</summary>
    public bool DeleteAfterRun { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a job starts.</summary>
/// <param name="Kind"><c>agentTurn</c> (with a message) or <c>systemEvent</c> (with a text).</param>
public sealed record JobPayload(string Kind)
{
    public const string AgentTurn = "agentTurn";

    public const string SystemEvent = "systemEvent";

    public string? Message { get; init; }

    public string? Text { get; init; }

    /// <summary>In place of the agent's model.</summary>
    public string? Model { get; init; }

    /// <summary>How long a run may take, in seconds.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>What the model is told.</summary>
    [JsonIgnore]
    public string Content => (Kind == AgentTurn ? Message : Text) ?? "";
}

/// <summary>Where the answer of a run goes.</summary>
public sealed record JobDelivery
{
    public const string None = "none";

    public const string Announce = "announce";

    public const string Webhook = "webhook";

    /// <summary><c>none</c>, <c>announce</c> (a channel) or <c>webhook</c> (the URL in <see cref="To"/>).</summary>
    public string Mode { get; init; } = None;

    /// <summary>A channel, or <c>last</c>, which is also what absence means.</summary>
    public string? Channel { get; init; }

    public string? To { get; init; }

    /// <summary>Of the channel.</summary>
    public string? AccountId { get; init; }
}

/// <summary>A job and how it stands.</summary>
/// <param name="NextRunAt">When it is due; null when it is switched off, or never comes again.</param>
public sealed record JobStatus(Job Job, DateTimeOffset? NextRunAt)
{
    /// <summary>The run that is under way; null when none is.</summary>
    public string? RunId { get; init; }

    /// <summary>The time for which that run was started.</summary>
    public DateTimeOffset? RunDueAt { get; init; }

    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>Whether that run is known to have been accepted.</summary>
    internal bool IsAccepted { get; init; }

    public DateTimeOffset? LastRunAt { get; init; }

    /// <summary><c>ok</c>, <c>error</c> or <c>skipped</c>; null before the first run.</summary>
    public string? LastStatus { get; init; }

    public string? LastError { get; init; }

    public TimeSpan? LastDuration { get; init; }

    /// <summary>Runs since the last one that succeeded.</summary>
    public int ConsecutiveErrors { get; init; }
}

/// <summary>A run of a job that has ended.</summary>
/// <param name="Status"><c>ok</c>, <c>error</c> or <c>skipped</c>.</param>
/// <param name="DueAt">The time that the schedule named, or when it was started by hand.</param>
public sealed record JobRun(
    string JobId, string? RunId, string Status, DateTimeOffset DueAt, DateTimeOffset StartedAt, DateTimeOffset EndedAt)
{
    public const string Ok = "ok";

    public const string Error = "error";

    public const string Skipped = "skipped";

    public string? Message { get; init; }

    /// <summary>The beginning of the answer.</summary>
    public string? Summary { get; init; }
}
