using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Gateway.Runs;

namespace OpenClaw.Gateway.Realtime.Methods.Schedules;

/// <summary>Parameters of <c>cron.list</c>. Sorting and <c>compact</c> have no effect: jobs come by name, whole.</summary>
internal sealed record CronListParams
{
    public string? AgentId { get; init; }

    public bool? IncludeDisabled { get; init; }

    public bool? IncludeDeliveryPreviews { get; init; }

    public bool? Compact { get; init; }

    public int? Limit { get; init; }

    public int? Offset { get; init; }

    /// <summary>Part of the name.</summary>
    public string? Query { get; init; }

    [AllowedValues("all", "enabled", "disabled")]
    public string? Enabled { get; init; }

    public string? SortBy { get; init; }

    public string? SortDir { get; init; }

    public string? ScheduleKind { get; init; }

    public string? LastRunStatus { get; init; }

    public string? Trigger { get; init; }
}

internal sealed record CronIdParams
{
    public string? Id { get; init; }

    /// <summary>An older name of the same.</summary>
    public string? JobId { get; init; }
}

/// <summary>Parameters of <c>cron.runs</c>; of all jobs without an id.</summary>
internal sealed record CronRunsParams
{
    public string? Id { get; init; }

    public string? JobId { get; init; }

    public string? AgentId { get; init; }

    public string? Scope { get; init; }

    public int? Limit { get; init; }

    public int? Offset { get; init; }

    public string? Status { get; init; }

    public string? SortDir { get; init; }
}

/// <summary>Parameters of <c>cron.add</c>: the job itself, as <c>POST /api/cron</c> takes it.</summary>
internal sealed record CronAddParams
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Fields { get; set; } = [];
}

internal sealed record CronUpdateParams
{
    public string? Id { get; init; }

    public string? JobId { get; init; }

    /// <summary>What is to change, as <c>PATCH /api/cron/{id}</c> takes it.</summary>
    public required JsonElement Patch { get; init; }
}

internal sealed record CronRunParams
{
    public string? Id { get; init; }

    public string? JobId { get; init; }

    [AllowedValues("force", "due")]
    public string? Mode { get; init; }
}

internal sealed record CronList(
    IReadOnlyList<JobInfo> Jobs, string SnapshotRevision, int Total, int Offset, int Limit, bool HasMore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? NextOffset);

/// <param name="TriggersEnabled">Whether other things than the clock start jobs; never here.</param>
internal sealed record CronStatus(bool Enabled, bool TriggersEnabled, string Storage, string StorePath, int Jobs)
{
    /// <summary>When the next job is due, in Unix milliseconds.</summary>
    public long? NextWakeAtMs { get; init; }
}

internal sealed record CronRuns(
    IReadOnlyList<JobRunInfo> Entries, int Total, int Offset, int Limit, bool HasMore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? NextOffset);

internal sealed record CronRemoved(bool Ok, bool Removed);

/// <param name="Reason">Why nothing was started: <c>already-running</c> or <c>not-due</c>.</param>
internal sealed record CronStarted(bool Ok, bool Ran, string? Reason)
{
    public string? RunId { get; init; }
}

internal sealed record WakeParams
{
    [MinLength(1)]
    public required string Text { get; init; }

    [AllowedValues("now", "next-heartbeat")]
    public string? Mode { get; init; }

    public string? AgentId { get; init; }

    /// <summary>In place of the agent's main session.</summary>
    public string? SessionKey { get; init; }
}

/// <param name="EventOutcome"><c>queued</c>, or <c>coalesced</c> with an equal one that waits.</param>
internal sealed record Woken(bool Ok, string Mode, string EventOutcome);

/// <summary>What the instance that answers has seen of hooks since it started.</summary>
/// <param name="Refused">Calls that were not proven.</param>
internal sealed record HooksStatus(
    bool Enabled, string Path, IReadOnlyList<HookMappingInfo> Mappings, long Refused, IReadOnlyList<HookStateInfo> Hooks);

/// <param name="Signature">The scheme by which its calls are proven; absent: the hook token.</param>
internal sealed record HookMappingInfo(string? Id, string? Path, string? Source, string Action, string? Signature);

/// <summary>Times in Unix milliseconds.</summary>
internal sealed record HookStateInfo(string Name, long Calls, long Failures)
{
    public long? LastCallAtMs { get; init; }

    public string? LastError { get; init; }

    public long? LastErrorAtMs { get; init; }
}

/// <summary>Payload of the event <c>cron</c>.</summary>
/// <param name="Action"><c>added</c>, <c>updated</c>, <c>removed</c>, <c>started</c> or <c>finished</c>.</param>
internal sealed record CronEventPayload(string JobId, string Action)
{
    public JobInfo? Job { get; init; }

    public long? NextRunAtMs { get; init; }

    public string? RunId { get; init; }

    /// <summary>Of a run that has ended: <c>ok</c>, <c>error</c> or <c>skipped</c>.</summary>
    public string? Status { get; init; }

    public string? Error { get; init; }

    public string? Summary { get; init; }
}

/// <summary>JSON of the methods of schedules and hooks: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CronListParams))]
[JsonSerializable(typeof(CronList))]
[JsonSerializable(typeof(EmptyParams))]
[JsonSerializable(typeof(CronStatus))]
[JsonSerializable(typeof(CronIdParams))]
[JsonSerializable(typeof(CronRunsParams))]
[JsonSerializable(typeof(CronRuns))]
[JsonSerializable(typeof(CronAddParams))]
[JsonSerializable(typeof(CronUpdateParams))]
[JsonSerializable(typeof(CronRunParams))]
[JsonSerializable(typeof(CronRemoved))]
[JsonSerializable(typeof(CronStarted))]
[JsonSerializable(typeof(JobInfo))]
[JsonSerializable(typeof(CronEventPayload))]
[JsonSerializable(typeof(WakeParams))]
[JsonSerializable(typeof(Woken))]
[JsonSerializable(typeof(HooksStatus))]
internal sealed partial class CronMethodsJson : JsonSerializerContext;
