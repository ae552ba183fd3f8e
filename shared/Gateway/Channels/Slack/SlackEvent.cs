using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Channels.Slack;

/// <summary>What the Events API sends, as far as it is used. Source: Slack, "Events API".</summary>
internal sealed record SlackEnvelope
{
    /// <summary><c>url_verification</c> or <c>event_callback</c>.</summary>
    public string? Type { get; init; }

    public string? Challenge { get; init; }

    public string? TeamId { get; init; }

    public string? EventId { get; init; }

    public SlackEvent? Event { get; init; }

    /// <summary>For whom the event is sent; the app's own user is among them.</summary>
    public IReadOnlyList<SlackAuthorization>? Authorizations { get; init; }
}

internal sealed record SlackAuthorization(string? UserId, bool IsBot);

/// <summary>An event. Some kinds have an object where messages have an id, so the ids are read late.</summary>
internal sealed record SlackEvent
{
    public string? Type { get; init; }

    public string? Subtype { get; init; }

    public JsonElement User { get; init; }

    public JsonElement Channel { get; init; }

    /// <summary><c>im</c>, <c>mpim</c>, <c>group</c> (a private channel) or <c>channel</c>; not with mentions.</summary>
    public string? ChannelType { get; init; }

    public string? BotId { get; init; }

    public JsonElement Text { get; init; }

    /// <summary>Identifies the message in its channel.</summary>
    public string? Ts { get; init; }

    public string? EventTs { get; init; }

    /// <summary>The first message of the thread; equal to <see cref="Ts"/> in that message.</summary>
    public string? ThreadTs { get; init; }

    /// <summary>Who wrote the first message of the thread.</summary>
    public string? ParentUserId { get; init; }

    public IReadOnlyList<SlackFile>? Files { get; init; }
}

internal sealed record SlackFile
{
    public string? Name { get; init; }

    public string? Mimetype { get; init; }

    public long? Size { get; init; }

    public string? UrlPrivate { get; init; }

    public string? UrlPrivateDownload { get; init; }
}

/// <summary>What buttons, shortcuts and dialogs send. Source: Slack, "Interaction payloads".</summary>
internal sealed record SlackInteraction
{
    /// <summary><c>message_action</c> is a shortcut on a message; the others are not used.</summary>
    public string? Type { get; init; }

    public string? TriggerId { get; init; }

    public string? ResponseUrl { get; init; }

    public SlackNamed? Team { get; init; }

    public SlackNamed? User { get; init; }

    public SlackNamed? Channel { get; init; }

    public SlackEvent? Message { get; init; }
}

internal sealed record SlackNamed(string? Id, string? Name);

/// <summary>What the Web API answers: <see cref="Ok"/> with the fields of its method, or <see cref="Error"/>.</summary>
internal sealed record SlackAnswer
{
    public bool Ok { get; init; }

    public string? Error { get; init; }

    public string? Ts { get; init; }

    public string? UserId { get; init; }

    public IReadOnlyList<SlackMessage>? Messages { get; init; }

    public SlackCursor? ResponseMetadata { get; init; }

    public string? UploadUrl { get; init; }

    public string? FileId { get; init; }

    public SlackUploaded? File { get; init; }
}

internal sealed record SlackCursor(string? NextCursor);

internal sealed record SlackMessage(SlackMetadata? Metadata);

/// <param name="Shares">Where it was posted; empty before.</param>
internal sealed record SlackUploaded(JsonElement Shares);

/// <summary>What is kept with a message, and seen by apps only.</summary>
internal sealed record SlackMetadata(string? EventType, SlackReplyPart? EventPayload);

/// <summary>The part of a reply that a message is.</summary>
internal sealed record SlackReplyPart(string? ReplyId, int? Part);

internal sealed record SlackUpload(string Id, string Title);

/// <summary>The answer to a command, by its response URL or at once.</summary>
/// <param name="ResponseType"><c>in_channel</c>, or <c>ephemeral</c> for the person alone.</param>
internal sealed record SlackResponse(string ResponseType, string Text);

internal sealed record SlackChallenge(string Challenge);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SlackEnvelope))]
[JsonSerializable(typeof(SlackInteraction))]
[JsonSerializable(typeof(SlackAnswer))]
[JsonSerializable(typeof(SlackMetadata))]
[JsonSerializable(typeof(IReadOnlyList<SlackUpload>))]
[JsonSerializable(typeof(SlackResponse))]
[JsonSerializable(typeof(SlackChallenge))]
internal sealed partial class SlackJson : JsonSerializerContext;
