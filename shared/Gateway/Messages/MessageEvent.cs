using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Messages;

/// <summary>One event of a stream. Source: Claude API documentation, "Streaming messages".</summary>
/// <param name="Name">The SSE event name; equal to the discriminator.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MessageStart), "message_start")]
[JsonDerivedType(typeof(Ping), "ping")]
[JsonDerivedType(typeof(ContentBlockStart), "content_block_start")]
[JsonDerivedType(typeof(ContentBlockDelta), "content_block_delta")]
[JsonDerivedType(typeof(ContentBlockStop), "content_block_stop")]
[JsonDerivedType(typeof(MessageDelta), "message_delta")]
[JsonDerivedType(typeof(MessageStop), "message_stop")]
[JsonDerivedType(typeof(MessageError), "error")]
internal abstract record MessageEvent([property: JsonIgnore] string Name);

/// <summary>The message without content; its usage is not known yet and all zero.</summary>
internal sealed record MessageStart(Message Message) : MessageEvent("message_start");

internal sealed record Ping() : MessageEvent("ping");

/// <param name="Index">Position in the content, from 0.</param>
internal sealed record ContentBlockStart(int Index, ContentBlock ContentBlock) : MessageEvent("content_block_start");

internal sealed record ContentBlockDelta(int Index, BlockDelta Delta) : MessageEvent("content_block_delta");

internal sealed record ContentBlockStop(int Index) : MessageEvent("content_block_stop");

/// <summary>How the message ended, and what it cost in all.</summary>
internal sealed record MessageDelta(MessageDeltaBody Delta, MessageUsage Usage) : MessageEvent("message_delta");

internal sealed record MessageStop() : MessageEvent("message_stop");

/// <summary>A failure after the stream began; nothing follows it.</summary>
internal sealed record MessageError(MessageErrorBody Error, string RequestId) : MessageEvent("error");

internal sealed record MessageErrorBody(string Type, string Message, MessageErrorDetails Details);

/// <param name="ErrorCode">The gateway's own code.</param>
internal sealed record MessageErrorDetails(string ErrorCode);

internal sealed record MessageDeltaBody(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? StopReason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? StopSequence);

/// <summary>What an event adds to its block.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextBlockDelta), "text_delta")]
[JsonDerivedType(typeof(InputJsonDelta), "input_json_delta")]
[JsonDerivedType(typeof(ThinkingBlockDelta), "thinking_delta")]
[JsonDerivedType(typeof(SignatureDelta), "signature_delta")]
internal abstract record BlockDelta;

internal sealed record TextBlockDelta(string Text) : BlockDelta;

/// <param name="PartialJson">JSON text as the model wrote it.</param>
internal sealed record InputJsonDelta(string PartialJson) : BlockDelta;

internal sealed record ThinkingBlockDelta(string Thinking) : BlockDelta;

internal sealed record SignatureDelta(string Signature) : BlockDelta;
