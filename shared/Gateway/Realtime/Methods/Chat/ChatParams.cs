using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using OpenClaw.Gateway.Realtime.Events;

namespace OpenClaw.Gateway.Realtime.Methods.Chat;

/// <summary>Parameters of <c>chat.send</c>. Fields of <see cref="JsonElement"/> other than attachments are accepted and have no
/// effect.</summary>
internal sealed record ChatSendParams
{
    [MinLength(1), MaxLength(512)]
    public required string SessionKey { get; init; }

    public required string Message { get; init; }

    [MinLength(1)]
    public required string IdempotencyKey { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    public string? Thinking { get; init; }

    /// <summary><c>followup</c> (the default) or <c>interrupt</c>.</summary>
    [AllowedValues("steer", "followup", "collect", "interrupt")]
    public string? QueueMode { get; init; }

    public JsonElement Attachments { get; init; }

    [Range(0, int.MaxValue)]
    public long? TimeoutMs { get; init; }

    public JsonElement SessionId { get; init; }

    public JsonElement Intent { get; init; }

    public JsonElement FastMode { get; init; }

    public JsonElement FastAutoOnSeconds { get; init; }

    public JsonElement Deliver { get; init; }

    public JsonElement OriginatingChannel { get; init; }

    public JsonElement OriginatingTo { get; init; }

    public JsonElement OriginatingAccountId { get; init; }

    public JsonElement OriginatingThreadId { get; init; }

    public JsonElement ReplyToId { get; init; }

    public JsonElement ToolBindings { get; init; }

    public JsonElement SystemInputProvenance { get; init; }

    public JsonElement SystemProvenanceReceipt { get; init; }

    public JsonElement SuppressCommandInterpretation { get; init; }

    public JsonElement ExpectedLeafEntryId { get; init; }

    public JsonElement ExpectedSessionRoutingContract { get; init; }

    public JsonElement ExpectedPermissionMode { get; init; }

    public JsonElement ExpectedToolOverrides { get; init; }
}

/// <param name="RunId">The caller's key.</param>
/// <param name="Status"><c>started</c>, <c>in_flight</c> (sent before, not ended) or <c>ok</c> (sent before, ended).</param>
internal sealed record ChatSendResult(string RunId, string Status);

internal sealed record ChatAbortParams
{
    [MinLength(1)]
    public required string SessionKey { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    [MinLength(1)]
    public string? RunId { get; init; }

    public JsonElement PreserveSideRuns { get; init; }
}

/// <summary>Parameters of <c>sessions.abort</c>.</summary>
internal sealed record SessionsAbortParams
{
    [MinLength(1)]
    public string? Key { get; init; }

    [MinLength(1)]
    public string? RunId { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    public JsonElement ClearQueued { get; init; }
}

internal sealed record ChatAbortResult(bool Ok, bool Aborted, IReadOnlyList<string> RunIds);

/// <summary>Parameters of <c>chat.history</c> and <c>chat.startup</c>.</summary>
internal sealed record ChatHistoryParams
{
    [MinLength(1)]
    public required string SessionKey { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    /// <summary>Of an earlier answer: what came since.</summary>
    public string? Cursor { get; init; }

    [Range(1, 1000)]
    public int? Limit { get; init; }

    /// <summary>How many of the newest messages to leave out.</summary>
    [Range(0, int.MaxValue)]
    public int? Offset { get; init; }

    /// <summary>Characters of one message; longer ones are cut.</summary>
    [Range(1, 500_000)]
    public int? MaxChars { get; init; }

    /// <summary>Bytes of the whole answer; older messages are left out.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxBytes { get; init; }

    public JsonElement PendingBefore { get; init; }

    public JsonElement InputRunIds { get; init; }

    public JsonElement MessageId { get; init; }

    public JsonElement SessionId { get; init; }
}

/// <summary>A page of a transcript, oldest first, with all that a client needs to show the session.</summary>
internal sealed record ChatHistoryResult(string SessionKey, string SessionId, SessionRowInfo SessionInfo, SessionDefaults Defaults)
{
    /// <summary><c>delta</c> when it holds only what came since the cursor, <c>reset</c> when the session was reset since and it is a whole
    /// page; null without a cursor.</summary>
    public string? Kind { get; init; }

    /// <summary>Messages; of a delta each in its envelope.</summary>
    public required JsonElement Messages { get; init; }

    public bool HasMore { get; init; }

    public long TotalMessages { get; init; }

    public PendingInputs PendingInputs { get; init; } = new([], 0);

    /// <summary>For the next <c>cursor</c>.</summary>
    public required string DeltaCursor { get; init; }

    public string? ThinkingLevel { get; init; }

    /// <summary>The run that answers just now, as far as it has come.</summary>
    public InFlightRun? InFlightRun { get; init; }

    /// <summary>Only in <c>chat.startup</c>.</summary>
    public ChatMetadata? Metadata { get; init; }
}

internal sealed record PendingInputs(IReadOnlyList<string> Items, int Total);

internal sealed record InFlightRun(string RunId, string Text, long StartedAt);

internal sealed record ChatMetadataParams
{
    [MinLength(1)]
    public string? SessionKey { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }
}

/// <summary>What a composer offers: models and commands.</summary>
internal sealed record ChatMetadata(IReadOnlyList<Status.ModelChoice> Models, IReadOnlyList<CommandInfo> Commands)
{
    public bool SwarmEnabled { get; init; }

    public bool RuntimeSelectionLocked { get; init; }
}

internal sealed record CommandsListParams
{
    public JsonElement AgentId { get; init; }

    public JsonElement SessionKey { get; init; }

    public JsonElement Provider { get; init; }

    public JsonElement Scope { get; init; }

    public JsonElement IncludeArgs { get; init; }
}

internal sealed record CommandsListResult(IReadOnlyList<CommandInfo> Commands);

/// <summary>A command that a message may begin with.</summary>
internal sealed record CommandInfo(string Name, IReadOnlyList<string> TextAliases, string Description)
{
    public string Source { get; init; } = "native";

    public string Scope { get; init; } = "both";

    public bool AcceptsArgs { get; init; } = true;
}
