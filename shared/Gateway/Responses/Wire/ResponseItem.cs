using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>One element of <see cref="Response.Output"/> or of a response's input. Source: OpenResponses, item schemas.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ResponseMessage), "message")]
[JsonDerivedType(typeof(ResponseFunctionCall), "function_call")]
[JsonDerivedType(typeof(ResponseFunctionCallOutput), "function_call_output")]
[JsonDerivedType(typeof(ResponseReasoningItem), "reasoning")]
[JsonDerivedType(typeof(ResponseCompaction), "compaction")]
public abstract record ResponseItem
{
    public required string Id { get; init; }
}

/// <param name="Status"><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</param>
internal sealed record ResponseMessage(string Role, string Status, IReadOnlyList<ResponsePart> Content) : ResponseItem
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Phase { get; init; }
}

/// <summary>A call the model asks for; answered by a <c>function_call_output</c> of the same <c>call_id</c>.</summary>
internal sealed record ResponseFunctionCall(string CallId, string Name, string Arguments, string Status) : ResponseItem
{
    /// <summary>What a provider attached to the call, for the caller to send back with it. Not OpenAI's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? ExtraContent { get; init; }

    /// <inheritdoc cref="ExtraContent"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? ProviderSpecificFields { get; init; }
}

internal sealed record ResponseFunctionCallOutput(string CallId, IReadOnlyList<ResponsePart> Output, string Status) : ResponseItem;

internal sealed record ResponseReasoningItem(IReadOnlyList<ResponsePart> Summary) : ResponseItem
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EncryptedContent { get; init; }
}

internal sealed record ResponseCompaction(string EncryptedContent) : ResponseItem;

/// <summary>One part of an item's content.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ResponseOutputText), "output_text")]
[JsonDerivedType(typeof(ResponseRefusal), "refusal")]
[JsonDerivedType(typeof(ResponseInputText), "input_text")]
[JsonDerivedType(typeof(ResponseInputImage), "input_image")]
[JsonDerivedType(typeof(ResponseInputFile), "input_file")]
[JsonDerivedType(typeof(ResponseSummaryText), "summary_text")]
internal abstract record ResponsePart;

internal sealed record ResponseOutputText(string Text) : ResponsePart
{
    /// <summary>Always there, mostly empty.</summary>
    public IReadOnlyList<string> Annotations { get; init; } = [];

    /// <summary>Empty unless the caller asked for them.</summary>
    public IReadOnlyList<ResponseLogprob> Logprobs { get; init; } = [];
}

internal sealed record ResponseRefusal(string Refusal) : ResponsePart;

internal sealed record ResponseInputText(string Text) : ResponsePart;

internal sealed record ResponseInputImage(string? ImageUrl, string Detail) : ResponsePart;

/// <summary>A file that was sent; its content is not kept.</summary>
internal sealed record ResponseInputFile : ResponsePart
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Filename { get; init; }
}

internal sealed record ResponseSummaryText(string Text) : ResponsePart;
