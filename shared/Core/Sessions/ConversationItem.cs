using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Sessions;

/// <summary>One element of a conversation, as runs read and transcripts store it. Source: the item model of OpenAI Responses.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MessageItem), "message")]
[JsonDerivedType(typeof(FunctionCallItem), "function_call")]
[JsonDerivedType(typeof(FunctionCallOutputItem), "function_call_output")]
[JsonDerivedType(typeof(ReasoningItem), "reasoning")]
[JsonDerivedType(typeof(CompactionItem), "compaction")]
public abstract record ConversationItem
{
    /// <summary>Unique within the conversation: a prefix by kind (<c>msg_</c>, <c>fc_</c>, <c>rs_</c> …) and 24 base62
    /// characters.</summary>
    public string? Id { get; init; }

    /// <summary>True when the item was cut off: by a token limit, a filter, a failure or a caller that left.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Interrupted { get; init; }

    /// <summary>The model that made the item, <c>provider/model</c>, where the item holds state that only this model, or one of its
    /// family, takes back: reasoning, and calls with <see cref="FunctionCallItem.Extra"/>. Null when it is not known.</summary>
    public string? Origin { get; init; }
}

/// <summary>Text and media of one speaker.</summary>
/// <param name="Role"><c>system</c>, <c>developer</c>, <c>user</c> or <c>assistant</c>.</param>
public sealed record MessageItem(string Role, IReadOnlyList<ConversationPart> Content) : ConversationItem
{
    /// <summary><c>commentary</c> or <c>final_answer</c>, where the model distinguishes them.</summary>
    public string? Phase { get; init; }

    /// <summary>The speaker's name, where the caller gave one.</summary>
    public string? Name { get; init; }

    /// <summary>The key under which a client sent the message, so that it knows its own message in a transcript.</summary>
    public string? ClientKey { get; init; }
}

/// <summary>A call the model asks for. <c>Arguments</c> is JSON text exactly as the model wrote it; may be malformed.</summary>
public sealed record FunctionCallItem(string CallId, string Name, string Arguments) : ConversationItem
{
    /// <summary>What the provider attached to the call and needs back with it, such as Gemini's thought signature in
    /// <c>extra_content</c>: an object of the call's fields; null when there are none.</summary>
    public JsonElement? Extra { get; init; }

    /// <summary>Whether the gateway itself makes the call, so that clients of the model APIs do not see it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOwn { get; init; }
}

/// <summary>The result of a call, as parts; usually one text.</summary>
public sealed record FunctionCallOutputItem(string CallId, IReadOnlyList<ConversationPart> Output) : ConversationItem
{
    /// <summary>Whether the call failed, where the caller says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsError { get; init; }

    /// <inheritdoc cref="FunctionCallItem.IsOwn"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOwn { get; init; }
}

/// <summary>The model's reasoning before its answer.</summary>
public sealed record ReasoningItem(IReadOnlyList<string> Summary) : ConversationItem
{
    /// <summary>The raw chain of thought, where the provider shows it.</summary>
    public string? Text { get; init; }

    /// <summary>Opaque state to send back to the provider.</summary>
    public string? EncryptedContent { get; init; }
}

/// <summary>A summary that stands for everything before it. <c>EncryptedContent</c> is opaque to callers.</summary>
public sealed record CompactionItem(string EncryptedContent) : ConversationItem;

/// <summary>One piece of a message.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextPart), "text")]
[JsonDerivedType(typeof(RefusalPart), "refusal")]
[JsonDerivedType(typeof(ImagePart), "image")]
[JsonDerivedType(typeof(FilePart), "file")]
public abstract record ConversationPart;

public sealed record TextPart(string Text) : ConversationPart
{
    /// <summary>The log probability of each token, where the caller asked for them.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }
}

/// <summary>The model's refusal, in its words.</summary>
public sealed record RefusalPart(string Refusal) : ConversationPart
{
    /// <inheritdoc cref="TextPart.Logprobs"/>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }
}

/// <summary>An image. A stored conversation has its bytes, as a <c>data:</c> URL.</summary>
/// <param name="Url">A <c>data:</c> URL; until a run has read it also <c>https:</c>, or <see cref="StoredMedia"/> and a media id.</param>
/// <param name="Detail"><c>low</c>, <c>high</c>, <c>auto</c> or <c>original</c>; null leaves it to the provider.</param>
public sealed record ImagePart(string Url, string? Detail = null) : ConversationPart
{
    /// <summary>Prefix of the id of a file of the media store.</summary>
    public const string StoredMedia = "media:";

    /// <summary>The name of the part in the request, for errors; only in the turn it came with.</summary>
    [JsonIgnore]
    public string? Param { get; init; }
}

/// <summary>A file that came with a message. The model reads it in the turn it came with; only its name is stored.</summary>
/// <param name="Name">One short line.</param>
/// <param name="MediaType">The type found by reading it; null before.</param>
public sealed record FilePart(string? Name, string? MediaType = null) : ConversationPart
{
    /// <summary>The address of its content in the turn it came with, as in <see cref="ImagePart.Url"/>. Never stored.</summary>
    [JsonIgnore]
    public string? Source { get; init; }

    /// <inheritdoc cref="ImagePart.Param"/>
    [JsonIgnore]
    public string? Param { get; init; }

    /// <summary>The text that stands for it in a conversation.</summary>
    [JsonIgnore]
    public string Label => $"[file: {Name ?? "unnamed"}]";
}
