using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>Payload of <c>chat</c>.</summary>
internal sealed record ChatEventPayload
{
    public string RunId { get; init; } = "";

    public string SessionKey { get; init; } = "";

    public string AgentId { get; init; } = "";

    /// <summary>Counts the <c>chat</c> events of the run.</summary>
    public long Seq { get; init; }

    /// <summary><c>delta</c>, <c>final</c>, <c>aborted</c> or <c>error</c>.</summary>
    public required string State { get; init; }

    public string? DeltaText { get; init; }

    /// <summary>The answer so far.</summary>
    public ChatMessage? Message { get; init; }

    /// <summary>True when the message is not what earlier deltas added up to.</summary>
    public bool? Replace { get; init; }

    public string? StopReason { get; init; }

    public string? ErrorMessage { get; init; }

    public string? ErrorKind { get; init; }

    /// <summary>True when the event is too large for the connection; the history has what is missing.</summary>
    public bool? Truncated { get; init; }
}

/// <summary>A message of a session.</summary>
/// <param name="Role"><c>user</c>, <c>assistant</c>, <c>system</c> or <c>toolResult</c>.</param>
internal sealed record ChatMessage(string Role, IReadOnlyList<ChatContent> Content)
{
    public long? Timestamp { get; init; }

    /// <summary>The key under which its sender knows it.</summary>
    public string? IdempotencyKey { get; init; }

    public string? ToolCallId { get; init; }

    public string? ToolName { get; init; }

    public bool? IsError { get; init; }

    [JsonPropertyName("__openclaw")]
    public MessageMark? Mark { get; init; }

    public AbortMark? OpenclawAbort { get; init; }
}

/// <param name="Type"><c>text</c>, <c>thinking</c>, <c>toolCall</c> or <c>image</c>.</param>
internal sealed record ChatContent(string Type)
{
    public string? Text { get; init; }

    public string? Thinking { get; init; }

    public string? Id { get; init; }

    public string? Name { get; init; }

    /// <summary>JSON text as the model wrote it.</summary>
    public string? Arguments { get; init; }

    public string? Url { get; init; }
}

/// <summary>Where a message stands in its transcript.</summary>
internal sealed record MessageMark(string Id)
{
    public long? Seq { get; init; }

    public string? RunId { get; init; }

    public string? IdempotencyKey { get; init; }
}

internal sealed record AbortMark(bool Aborted, string Origin);

/// <summary>Payload of <c>agent</c>.</summary>
/// <param name="Stream"><c>lifecycle</c> or <c>assistant</c>.</param>
internal sealed record AgentEventPayload(
    string RunId, string Stream, AgentEventData Data, string SessionKey, string AgentId, long Seq, long Ts);

internal sealed record AgentEventData
{
    public string? Phase { get; init; }

    public long? StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public bool? Aborted { get; init; }

    public string? Error { get; init; }

    public string? Text { get; init; }

    public string? Delta { get; init; }
}

/// <summary>Payload of <c>session.message</c>, and a message of a history that continues at a cursor.</summary>
internal sealed record SessionMessagePayload(string SessionKey, string AgentId, ChatMessage Message, string? MessageId)
{
    public long? MessageSeq { get; init; }

    /// <summary>True when the message is too large for the connection; the history has it.</summary>
    public bool? Truncated { get; init; }

    public SessionMessagePayload WithoutContent() => this with { Message = Message with { Content = [] }, Truncated = true };
}

/// <summary>Payload of <c>sessions.changed</c>.</summary>
internal sealed record SessionsChangedPayload(string SessionKey, string AgentId, string Reason, long Ts)
{
    /// <summary>Null when the session is gone.</summary>
    public SessionRowInfo? Session { get; init; }
}

/// <summary>Payload of <c>device.pair.resolved</c>.</summary>
internal sealed record PairResolvedPayload(string RequestId, string DeviceId, string Decision, long Ts);

/// <summary>Payload of <c>config.changed</c>.</summary>
/// <param name="Hash">As in <c>config.get</c>.</param>
internal sealed record ConfigChangedPayload(string Path, string Hash, long Ts);

/// <summary>Payload of <c>session.tool</c>.</summary>
internal sealed record SessionToolPayload(string RunId, string SessionKey, string AgentId, ToolEventData Data, long Seq, long Ts)
{
    public string Stream { get; } = "tool";
}

/// <param name="Phase"><c>start</c>: the model asks for the call; <c>result</c>: its result is there.</param>
internal sealed record ToolEventData(string Phase, string ToolCallId)
{
    public string? Name { get; init; }

    /// <summary>Of <c>start</c>: an object, or text when the model wrote no JSON.</summary>
    public JsonElement? Args { get; init; }

    /// <summary>Of <c>result</c>: text.</summary>
    public string? Result { get; init; }

    public bool? IsError { get; init; }

    /// <summary>True when the event is too large for the connection; the history has what is missing.</summary>
    public bool? Truncated { get; init; }
}
