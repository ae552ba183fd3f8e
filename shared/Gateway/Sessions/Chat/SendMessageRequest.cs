using System.Text.Json.Serialization;
using OpenClaw.Gateway.Runs;

namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>Body of <c>POST /api/chat</c>.</summary>
public sealed record SendMessageRequest
{
    /// <summary>A label of the message's origin; it has no effect.</summary>
    public string? Channel { get; init; }

    public string? Message { get; init; }

    /// <summary>The session to continue, or a full session key; absent begins a new one.</summary>
    public string? SessionId { get; init; }

    /// <summary>When absent, the <c>Accept</c> header decides.</summary>
    public bool? Stream { get; init; }

    /// <summary>Agent id; absent is the default agent, or the one that a full session key names.</summary>
    public string? Agent { get; init; }

    /// <summary>Agent or model name, as in <c>/v1</c>.</summary>
    public string? Model { get; init; }

    /// <summary>Stores nothing and continues nothing.</summary>
    public bool? Incognito { get; init; }

    public string? IdempotencyKey { get; init; }
}

/// <summary>Data of its answer.</summary>
/// <param name="SessionId">Null for an incognito message.</param>
/// <param name="Model">The backend model, <c>provider/model</c>.</param>
public sealed record SentMessage(string Message, string? SessionId, string Model, MessageUsage Usage)
{
    /// <summary><c>length</c> or <c>content_filter</c> when the answer was cut.</summary>
    public string? FinishReason { get; init; }
}

/// <summary>One SSE event of a streamed message; all go out as <c>event: message</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ChunkEvent), "chunk")]
[JsonDerivedType(typeof(DoneEvent), "done")]
[JsonDerivedType(typeof(MessageErrorEvent), "error")]
public abstract record MessageEvent;

public sealed record ChunkEvent(string Content) : MessageEvent;

/// <summary>The answer is complete; unless incognito, it is stored.</summary>
public sealed record DoneEvent(string? SessionId, string Model, MessageUsage Usage) : MessageEvent
{
    public string? FinishReason { get; init; }
}

/// <summary>The run failed; no whole answer follows.</summary>
public sealed record MessageErrorEvent(EventError Error) : MessageEvent;

public sealed record EventError(string Code, string Message);
