using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

/// <summary>Parameters of <c>health</c> and <c>status</c>; they have no effect.</summary>
internal sealed record ProbeParams
{
    public JsonElement Probe { get; init; }

    public JsonElement TimeoutMs { get; init; }

    public JsonElement IncludeChannelSummary { get; init; }

    public JsonElement IncludeCliProjection { get; init; }

    public JsonElement Deep { get; init; }
}

internal sealed record HealthReport(
    bool Ok, long Ts, long DurationMs, PluginReport Plugins, EmptyMap Channels, IReadOnlyList<string> ChannelOrder, EmptyMap ChannelLabels,
    int HeartbeatSeconds, string DefaultAgentId, IReadOnlyList<AgentHealth> Agents, SessionCount Sessions)
{
    /// <summary><c>connected</c>, <c>unreachable</c> or <c>not_configured</c>.</summary>
    public string? Storage { get; init; }
}

internal sealed record PluginReport(IReadOnlyList<string> Loaded, IReadOnlyList<string> Errors);

internal sealed record EmptyMap;

internal sealed record AgentHealth(string AgentId, bool IsDefault, HeartbeatInfo Heartbeat, SessionCount Sessions)
{
    public string? Name { get; init; }
}

internal sealed record HeartbeatInfo(bool Enabled)
{
    public string Every { get; init; } = "disabled";

    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)]
    public long? EveryMs { get; init; }

    public string Prompt { get; init; } = "";

    public string Target { get; init; } = "none";

    public int AckMaxChars { get; init; }
}

internal sealed record SessionCount(string Path, int Count, IReadOnlyList<RecentSession> Recent);

internal sealed record RecentSession(string Key, long UpdatedAt, long Age);

internal sealed record StatusReport(
    string RuntimeVersion, HeartbeatSummary Heartbeat, IReadOnlyList<string> ChannelSummary, IReadOnlyList<string> QueuedSystemEvents,
    SessionSummary Sessions);

internal sealed record HeartbeatSummary(string DefaultAgentId, IReadOnlyList<AgentHeartbeat> Agents);

internal sealed record AgentHeartbeat(string AgentId, bool Enabled, string Every)
{
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)]
    public long? EveryMs { get; init; }
}

internal sealed record SessionSummary(
    IReadOnlyList<string> Paths, int Count, SessionModel Defaults, IReadOnlyList<StatusSession> Recent, IReadOnlyList<AgentSessions> ByAgent);

internal sealed record SessionModel(string Model)
{
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)]
    public int? ContextTokens { get; init; }
}

internal sealed record StatusSession(string Key, string AgentId, string Kind, long UpdatedAt, long Age, string Model)
{
    public IReadOnlyList<string> Flags { get; init; } = [];
}

internal sealed record AgentSessions(string AgentId, string Path, int Count, IReadOnlyList<StatusSession> Recent);

internal sealed record ModelsListParams
{
    [AllowedValues("default", "configured", "provider-config", "all")]
    public string? View { get; init; }

    public JsonElement AgentId { get; init; }

    public JsonElement SessionKey { get; init; }

    public JsonElement IncludeProviderCapabilities { get; init; }

    public JsonElement IncludeDetails { get; init; }

    public JsonElement PreparedOnly { get; init; }

    public JsonElement Refresh { get; init; }
}

internal sealed record ModelsListResult(IReadOnlyList<ModelChoice> Models);

/// <summary>A configured model.</summary>
internal sealed record ModelChoice(string Id, string Name, string Provider, bool Available)
{
    public IReadOnlyList<string>? Tags { get; init; }

    public int? ContextWindow { get; init; }

    public bool Reasoning { get; init; }

    public IReadOnlyList<string>? Input { get; init; }

    public bool ManualSelectionAllowed { get; init; } = true;
}

/// <param name="MainKey">What the main session is called.</param>
internal sealed record AgentsListResult(string DefaultId, string MainKey, string Scope, IReadOnlyList<AgentEntry> Agents);

internal sealed record AgentEntry(string Id, AgentModel Model)
{
    public string? Name { get; init; }

    public string Kind { get; init; } = "agent";
}

internal sealed record AgentModel(string Primary)
{
    public IReadOnlyList<string>? Fallbacks { get; init; }
}

internal sealed record AgentIdentityParams
{
    [MinLength(1)]
    public string? AgentId { get; init; }

    public string? SessionKey { get; init; }
}

/// <param name="NameSource"><c>config</c> or <c>default</c>.</param>
internal sealed record AgentIdentity(string AgentId, string Name, string NameSource, string Avatar)
{
    public string AvatarStatus { get; init; } = "none";
}

internal sealed record TasksListParams
{
    /// <summary>One status, or a list of them.</summary>
    public JsonElement Status { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    [MinLength(1)]
    public string? SessionKey { get; init; }

    [Range(1, 500)]
    public int? Limit { get; init; }

    public JsonElement Cursor { get; init; }

    public JsonElement SortBy { get; init; }
}

internal sealed record TasksListResult(IReadOnlyList<TaskInfo> Tasks);

internal sealed record TaskParams
{
    [MinLength(1)]
    public required string TaskId { get; init; }

    public JsonElement Reason { get; init; }
}

internal sealed record TaskResult(TaskInfo Task);

internal sealed record TaskCancelResult(bool Found, bool Cancelled, TaskInfo Task);

/// <summary>A durable run.</summary>
/// <param name="Status"><c>queued</c>, <c>running</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
internal sealed record TaskInfo(string Id, string TaskId, string Kind, string Status, string AgentId, string RunId)
{
    public string Runtime { get; init; } = "cli";

    public string? Title { get; init; }

    public string? SessionKey { get; init; }

    public long? CreatedAt { get; init; }

    public long? UpdatedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string? Error { get; init; }

    public string DeliveryStatus { get; init; } = "not_applicable";
}

/// <summary>The last heartbeat; not kept: heartbeats are runs like others.</summary>
internal sealed record HeartbeatEvent(long Ts, string Status);
