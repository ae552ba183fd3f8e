using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Sessions;

/// <summary>Answer of <c>GET /api/sessions</c>.</summary>
/// <param name="Total">Null when the sessions are not all on this page.</param>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null at the end.</param>
public sealed record SessionList(IReadOnlyList<SessionInfo> Sessions, int? Total, string? NextCursor);

/// <summary>One session.</summary>
/// <param name="Id">What <c>/api/chat</c> takes as <c>sessionId</c>.</param>
/// <param name="Turns">Committed turns, those before a reset included.</param>
public sealed record SessionInfo(
    string Id, string Key, string Agent, string? Title, IReadOnlyList<string> Labels, string? Model, string Channel,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Turns)
{
    /// <summary>Its owner; shown to the operator for sessions of other subjects.</summary>
    public string? Owner { get; init; }

    public string? Thinking { get; init; }

    /// <summary>Entries of the transcript since the last reset; only for a single session.</summary>
    public long? Messages { get; init; }

    /// <summary>How often it was reset; only for a single session.</summary>
    public long? Resets { get; init; }

    /// <summary>Whether a run holds it just now; only for a single session.</summary>
    public bool? Busy { get; init; }
}

/// <summary>Body of <c>POST /api/sessions/{id}</c>.</summary>
public sealed record SessionActionRequest
{
    public string? Action { get; init; }

    /// <summary>For <c>history</c>: 1 to 1000.</summary>
    public int? Limit { get; init; }

    public string? Cursor { get; init; }

    /// <summary>For <c>history</c>: <c>desc</c> (newest first, the default) or <c>asc</c>.</summary>
    public string? Order { get; init; }

    /// <summary>For <c>patch</c>; null removes it, as with the other fields.</summary>
    public JsonElement Title { get; init; }

    /// <summary>For <c>patch</c>: a list of strings.</summary>
    public JsonElement Labels { get; init; }

    /// <summary>For <c>patch</c>: the model in place of the agent's own.</summary>
    public JsonElement Model { get; init; }

    /// <summary>For <c>patch</c>: such as <c>high</c>.</summary>
    public JsonElement Thinking { get; init; }

    /// <summary>For <c>send</c>.</summary>
    public string? Message { get; init; }

    /// <summary>For <c>send</c>: a message repeated under the same key is accepted once.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>One page of a transcript.</summary>
public sealed record HistoryPage(
    string SessionId, string SessionKey, IReadOnlyList<HistoryMessage> Messages, bool HasMore, string? NextCursor);

/// <summary>One element of a transcript.</summary>
/// <param name="Type"><c>message</c>, <c>tool_call</c>, <c>tool_result</c>, <c>reasoning</c> or <c>compaction</c>.</param>
/// <param name="Content">Its text; arguments for a call, the summary for a compaction.</param>
public sealed record HistoryMessage(long Seq, string Type, string Role, string Content)
{
    public string? Id { get; init; }

    public string? CallId { get; init; }

    /// <summary>Of the tool.</summary>
    public string? Name { get; init; }

    /// <summary>Images by URL; data URLs are left out.</summary>
    public IReadOnlyList<string>? Images { get; init; }

    /// <summary>True when the item was cut off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Interrupted { get; init; }

    public DateTimeOffset? Timestamp { get; init; }
}

/// <summary>Answer of an action without a result of its own.</summary>
public sealed record SessionOutcome(string SessionId, string Action, bool Ok);

/// <summary>First line of an exported session.</summary>
public sealed record ExportHeader(
    string Type, int Version, string SessionId, string SessionKey, string Agent, string? Title, DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt);
