using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>One event of a response stream. Source: OpenResponses, streaming events.</summary>
/// <param name="Name">The SSE event name; equal to the discriminator.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ResponseCreated), "response.created")]
[JsonDerivedType(typeof(ResponseQueued), "response.queued")]
[JsonDerivedType(typeof(ResponseInProgress), "response.in_progress")]
[JsonDerivedType(typeof(ResponseCompleted), "response.completed")]
[JsonDerivedType(typeof(ResponseFailed), "response.failed")]
[JsonDerivedType(typeof(ResponseIncomplete), "response.incomplete")]
[JsonDerivedType(typeof(OutputItemAdded), "response.output_item.added")]
[JsonDerivedType(typeof(OutputItemDone), "response.output_item.done")]
[JsonDerivedType(typeof(ContentPartAdded), "response.content_part.added")]
[JsonDerivedType(typeof(ContentPartDone), "response.content_part.done")]
[JsonDerivedType(typeof(OutputTextDelta), "response.output_text.delta")]
[JsonDerivedType(typeof(OutputTextDone), "response.output_text.done")]
[JsonDerivedType(typeof(RefusalDeltaEvent), "response.refusal.delta")]
[JsonDerivedType(typeof(RefusalDone), "response.refusal.done")]
[JsonDerivedType(typeof(FunctionCallArgumentsDelta), "response.function_call_arguments.delta")]
[JsonDerivedType(typeof(FunctionCallArgumentsDone), "response.function_call_arguments.done")]
[JsonDerivedType(typeof(ReasoningSummaryPartAdded), "response.reasoning_summary_part.added")]
[JsonDerivedType(typeof(ReasoningSummaryPartDone), "response.reasoning_summary_part.done")]
[JsonDerivedType(typeof(ReasoningSummaryTextDelta), "response.reasoning_summary_text.delta")]
[JsonDerivedType(typeof(ReasoningSummaryTextDone), "response.reasoning_summary_text.done")]
[JsonDerivedType(typeof(ErrorEvent), "error")]
public abstract record ResponseEvent([property: JsonIgnore] string Name)
{
    /// <summary>From 0, without gaps.</summary>
    public long SequenceNumber { get; init; }
}

/// <summary>An event that carries the whole resource.</summary>
public abstract record ResponseStateEvent(string Name, Response Response) : ResponseEvent(Name);

public sealed record ResponseCreated(Response Response) : ResponseStateEvent("response.created", Response);

/// <summary>A background response was accepted.</summary>
public sealed record ResponseQueued(Response Response) : ResponseStateEvent("response.queued", Response);

public sealed record ResponseInProgress(Response Response) : ResponseStateEvent("response.in_progress", Response);

public sealed record ResponseCompleted(Response Response) : ResponseStateEvent("response.completed", Response);

public sealed record ResponseFailed(Response Response) : ResponseStateEvent("response.failed", Response);

public sealed record ResponseIncomplete(Response Response) : ResponseStateEvent("response.incomplete", Response);

public sealed record OutputItemAdded(int OutputIndex, ResponseItem Item) : ResponseEvent("response.output_item.added");

public sealed record OutputItemDone(int OutputIndex, ResponseItem Item) : ResponseEvent("response.output_item.done");

public sealed record ContentPartAdded(string ItemId, int OutputIndex, int ContentIndex, ResponsePart Part) : ResponseEvent("response.content_part.added");

public sealed record ContentPartDone(string ItemId, int OutputIndex, int ContentIndex, ResponsePart Part) : ResponseEvent("response.content_part.done");

public sealed record OutputTextDelta(string ItemId, int OutputIndex, int ContentIndex, string Delta) : ResponseEvent("response.output_text.delta")
{
    public IReadOnlyList<string> Logprobs { get; init; } = [];
}

public sealed record OutputTextDone(string ItemId, int OutputIndex, int ContentIndex, string Text) : ResponseEvent("response.output_text.done")
{
    public IReadOnlyList<string> Logprobs { get; init; } = [];
}

public sealed record RefusalDeltaEvent(string ItemId, int OutputIndex, int ContentIndex, string Delta) : ResponseEvent("response.refusal.delta");

public sealed record RefusalDone(string ItemId, int OutputIndex, int ContentIndex, string Refusal) : ResponseEvent("response.refusal.done");

public sealed record FunctionCallArgumentsDelta(string ItemId, int OutputIndex, string Delta) : ResponseEvent("response.function_call_arguments.delta");

public sealed record FunctionCallArgumentsDone(string ItemId, int OutputIndex, string Arguments) : ResponseEvent("response.function_call_arguments.done");

public sealed record ReasoningSummaryPartAdded(string ItemId, int OutputIndex, int SummaryIndex, ResponsePart Part) : ResponseEvent("response.reasoning_summary_part.added");

public sealed record ReasoningSummaryPartDone(string ItemId, int OutputIndex, int SummaryIndex, ResponsePart Part) : ResponseEvent("response.reasoning_summary_part.done");

public sealed record ReasoningSummaryTextDelta(string ItemId, int OutputIndex, int SummaryIndex, string Delta) : ResponseEvent("response.reasoning_summary_text.delta");

public sealed record ReasoningSummaryTextDone(string ItemId, int OutputIndex, int SummaryIndex, string Text) : ResponseEvent("response.reasoning_summary_text.done");

/// <summary>A failure after the stream began; <c>response.failed</c> follows.</summary>
public sealed record ErrorEvent(ErrorEventBody Error) : ResponseEvent("error");

public sealed record ErrorEventBody(string Type, string? Code, string Message, string? Param);
