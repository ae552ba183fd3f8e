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
internal abstract record ResponseEvent([property: JsonIgnore] string Name)
{
    /// <summary>From 0, without gaps.</summary>
    public long SequenceNumber { get; init; }
}

/// <summary>An event that carries the whole resource.</summary>
internal abstract record ResponseStateEvent(string Name, Response Response) : ResponseEvent(Name);

internal sealed record ResponseCreated(Response Response) : ResponseStateEvent("response.created", Response);

/// <summary>A background response was accepted.</summary>
internal sealed record ResponseQueued(Response Response) : ResponseStateEvent("response.queued", Response);

internal sealed record ResponseInProgress(Response Response) : ResponseStateEvent("response.in_progress", Response);

internal sealed record ResponseCompleted(Response Response) : ResponseStateEvent("response.completed", Response);

internal sealed record ResponseFailed(Response Response) : ResponseStateEvent("response.failed", Response);

internal sealed record ResponseIncomplete(Response Response) : ResponseStateEvent("response.incomplete", Response);

internal sealed record OutputItemAdded(int OutputIndex, ResponseItem Item) : ResponseEvent("response.output_item.added");

internal sealed record OutputItemDone(int OutputIndex, ResponseItem Item) : ResponseEvent("response.output_item.done");

internal sealed record ContentPartAdded(string ItemId, int OutputIndex, int ContentIndex, ResponsePart Part)
    : ResponseEvent("response.content_part.added");

internal sealed record ContentPartDone(string ItemId, int OutputIndex, int ContentIndex, ResponsePart Part)
    : ResponseEvent("response.content_part.done");

internal sealed record OutputTextDelta(string ItemId, int OutputIndex, int ContentIndex, string Delta)
    : ResponseEvent("response.output_text.delta")
{
    public IReadOnlyList<ResponseLogprob> Logprobs { get; init; } = [];
}

internal sealed record OutputTextDone(string ItemId, int OutputIndex, int ContentIndex, string Text)
    : ResponseEvent("response.output_text.done")
{
    public IReadOnlyList<ResponseLogprob> Logprobs { get; init; } = [];
}

internal sealed record RefusalDeltaEvent(string ItemId, int OutputIndex, int ContentIndex, string Delta)
    : ResponseEvent("response.refusal.delta");

internal sealed record RefusalDone(string ItemId, int OutputIndex, int ContentIndex, string Refusal)
    : ResponseEvent("response.refusal.done");

internal sealed record FunctionCallArgumentsDelta(string ItemId, int OutputIndex, string Delta)
    : ResponseEvent("response.function_call_arguments.delta");

internal sealed record FunctionCallArgumentsDone(string ItemId, int OutputIndex, string Arguments)
    : ResponseEvent("response.function_call_arguments.done");

internal sealed record ReasoningSummaryPartAdded(string ItemId, int OutputIndex, int SummaryIndex, ResponsePart Part)
    : ResponseEvent("response.reasoning_summary_part.added");

internal sealed record ReasoningSummaryPartDone(string ItemId, int OutputIndex, int SummaryIndex, ResponsePart Part)
    : ResponseEvent("response.reasoning_summary_part.done");

internal sealed record ReasoningSummaryTextDelta(string ItemId, int OutputIndex, int SummaryIndex, string Delta)
    : ResponseEvent("response.reasoning_summary_text.delta");

internal sealed record ReasoningSummaryTextDone(string ItemId, int OutputIndex, int SummaryIndex, string Text)
    : ResponseEvent("response.reasoning_summary_text.done");

/// <summary>A failure after the stream began; <c>response.failed</c> follows.</summary>
internal sealed record ErrorEvent(ErrorEventBody Error) : ResponseEvent("error");

internal sealed record ErrorEventBody(string Type, string? Code, string Message, string? Param);
