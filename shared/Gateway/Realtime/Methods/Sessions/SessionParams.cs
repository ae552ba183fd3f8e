using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using OpenClaw.Gateway.Realtime.Events;

namespace OpenClaw.Gateway.Realtime.Methods.Sessions;

/// <summary>Parameters of <c>sessions.list</c>. Fields of <see cref="JsonElement"/> are accepted and have no effect.</summary>
internal sealed record SessionsListParams
{
    [Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    [Range(0, int.MaxValue)]
    public int? Offset { get; init; }

    /// <summary>Only sessions that changed in so many minutes.</summary>
    [Range(1, int.MaxValue)]
    public int? ActiveMinutes { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    /// <summary>Part of a key or label.</summary>
    public string? Search { get; init; }

    [MinLength(1), MaxLength(512)]
    public string? Label { get; init; }

    /// <summary>True for archived sessions only, <c>all</c> for both; absent or false leaves archived ones out.</summary>
    public JsonElement Archived { get; init; }

    public bool? IncludeDerivedTitles { get; init; }

    public bool? IncludeLastMessage { get; init; }

    public JsonElement SortBy { get; init; }

    public JsonElement RequireLastInteraction { get; init; }

    public JsonElement IncludeGlobal { get; init; }

    public JsonElement IncludeUnknown { get; init; }

    public JsonElement ConfiguredAgentsOnly { get; init; }

    public JsonElement BoardFace { get; init; }

    public JsonElement CreatorId { get; init; }

    public JsonElement OwnerId { get; init; }

    public JsonElement OwnerFirst { get; init; }

    public JsonElement InvolvingMe { get; init; }

    public JsonElement InvolvingProfileId { get; init; }

    public JsonElement IncludePeople { get; init; }

    public JsonElement SpawnedBy { get; init; }

    public JsonElement HasBoard { get; init; }

    public JsonElement ExcludeSubagents { get; init; }

    public JsonElement IncludeActivitySummary { get; init; }
}

internal sealed record SessionsListResult(
    long Ts, string Path, int Count, int TotalCount, int LimitApplied, bool HasMore, SessionDefaults Defaults,
    IReadOnlyList<SessionRowInfo> Sessions)
{
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)]
    public int? NextOffset { get; init; }
}

/// <summary>Parameters of methods on one session.</summary>
internal sealed record SessionKeyParams
{
    [MinLength(1)]
    public required string Key { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    public JsonElement IncludeDerivedTitles { get; init; }

    public JsonElement IncludeLastMessage { get; init; }

    public JsonElement IncludeApprovals { get; init; }

    public JsonElement Limit { get; init; }

    public JsonElement MaxLines { get; init; }
}

internal sealed record SessionDescription
{
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)]
    public SessionRowInfo? Session { get; init; }
}

internal sealed record SessionMessages(IReadOnlyList<ChatMessage> Messages);

internal sealed record SessionsPreviewParams
{
    public required IReadOnlyList<string> Keys { get; init; }

    [Range(1, 100)]
    public int? Limit { get; init; }

    [Range(20, 100_000)]
    public int? MaxChars { get; init; }
}

internal sealed record SessionsPreviewResult(long Ts, IReadOnlyList<SessionPreview> Previews);

/// <param name="Status"><c>ok</c>, <c>empty</c> or <c>missing</c>.</param>
internal sealed record SessionPreview(string Key, string Status, IReadOnlyList<PreviewItem> Items);

internal sealed record PreviewItem(string Role, string Text);

internal sealed record SessionsResolveParams
{
    [MinLength(1)]
    public string? Key { get; init; }

    [MinLength(1)]
    public string? SessionId { get; init; }

    [MinLength(1), MaxLength(512)]
    public string? Label { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    public bool? AllowMissing { get; init; }

    public JsonElement ShortId { get; init; }

    public JsonElement SlugHint { get; init; }

    public JsonElement SpawnedBy { get; init; }

    public JsonElement IncludeGlobal { get; init; }

    public JsonElement IncludeUnknown { get; init; }
}

internal sealed record SessionsResolveResult(bool Ok)
{
    public string? Key { get; init; }

    public string? AgentId { get; init; }
}

internal sealed record SessionsCreateParams
{
    [MinLength(1)]
    public string? Key { get; init; }

    [MinLength(1)]
    public string? IdempotencyKey { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    [MinLength(1), MaxLength(512)]
    public string? Label { get; init; }

    [MinLength(1)]
    public string? Model { get; init; }

    [MinLength(1)]
    public string? ThinkingLevel { get; init; }

    /// <summary>A first message, which begins a run.</summary>
    public string? Message { get; init; }

    /// <summary>The same under another name.</summary>
    public string? Task { get; init; }

    public JsonElement Attachments { get; init; }

    public JsonElement DisplayName { get; init; }

    public JsonElement Category { get; init; }

    public JsonElement Visibility { get; init; }

    public JsonElement EmitCommandHooks { get; init; }

    public JsonElement SucceedsParent { get; init; }
}

internal sealed record SessionEntryInfo(string SessionId, long UpdatedAt)
{
    public string? Label { get; init; }

    public string? Model { get; init; }

    public string? ModelProvider { get; init; }

    public string? ThinkingLevel { get; init; }

    public string CreatedVia { get; init; } = "operator";
}

internal sealed record ResolvedModel(string ModelProvider, string Model);

/// <summary>Answer of methods that create or change a session.</summary>
internal sealed record SessionChanged(bool Ok, string Key, SessionEntryInfo Entry, ResolvedModel Resolved)
{
    public string? SessionId { get; init; }

    /// <summary>Where sessions are stored.</summary>
    public string? Path { get; init; }

    public bool? RunStarted { get; init; }

    public string? RunId { get; init; }
}

/// <summary>Parameters of <c>sessions.patch</c>: null removes what the session has of its own. Other fields of the original are refused
/// by name.</summary>
internal sealed record SessionsPatchParams
{
    [MinLength(1)]
    public required string Key { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    public JsonElement Label { get; init; }

    public JsonElement Model { get; init; }

    public JsonElement ThinkingLevel { get; init; }

    public bool? Archived { get; init; }

    public bool? Pinned { get; init; }

    /// <summary>Accepted; this gateway keeps no marks of what was read.</summary>
    public JsonElement Unread { get; init; }

    public JsonElement ExpectedMarkedUnreadAt { get; init; }

    /// <summary>Refuses the change when the session was reset since.</summary>
    [MinLength(1)]
    public string? ExpectedSessionId { get; init; }

    public JsonElement ExpectedLifecycleRevision { get; init; }

    public JsonElement ExpectedPermissionMode { get; init; }

    public JsonElement ExpectedToolOverrides { get; init; }
}

internal sealed record SessionsResetParams
{
    [MinLength(1)]
    public required string Key { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    [AllowedValues("new", "reset")]
    public string? Reason { get; init; }
}

internal sealed record SessionsDeleteParams
{
    [MinLength(1)]
    public required string Key { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    /// <summary>Deletes it only if it is archived.</summary>
    public bool? ArchivedOnly { get; init; }

    [MinLength(1)]
    public string? ExpectedSessionId { get; init; }

    public JsonElement DeleteTranscript { get; init; }

    public JsonElement ExpectedLifecycleRevision { get; init; }

    public JsonElement ExpectedSessionUpdatedAt { get; init; }

    public JsonElement EmitLifecycleHooks { get; init; }
}

internal sealed record SessionDeleted(bool Ok, string Key, bool Deleted, IReadOnlyList<string> Archived);
