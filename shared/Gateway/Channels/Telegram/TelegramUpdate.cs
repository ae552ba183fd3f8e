using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Channels.Telegram;

/// <summary>What Telegram sends to a webhook, as far as it is used. Source: Bot API, "Update".</summary>
internal sealed record TelegramUpdate
{
    /// <summary>Grows by one with each update of the bot.</summary>
    public required long UpdateId { get; init; }

    public TelegramMessage? Message { get; init; }

    public TelegramMessage? EditedMessage { get; init; }

    public TelegramMessage? ChannelPost { get; init; }

    public TelegramCallback? CallbackQuery { get; init; }
}

internal sealed record TelegramMessage
{
    public long MessageId { get; init; }

    /// <summary>Set when the message is in a topic, or answers a message in a group.</summary>
    public long? MessageThreadId { get; init; }

    public bool IsTopicMessage { get; init; }

    /// <summary>Null for posts of channels.</summary>
    public TelegramUser? From { get; init; }

    /// <summary>The chat in whose name a message is sent, such as an anonymous administrator's group.</summary>
    public TelegramChat? SenderChat { get; init; }

    public TelegramChat? Chat { get; init; }

    public string? Text { get; init; }

    public string? Caption { get; init; }

    public IReadOnlyList<TelegramEntity>? Entities { get; init; }

    public IReadOnlyList<TelegramEntity>? CaptionEntities { get; init; }

    public TelegramMessage? ReplyToMessage { get; init; }

    /// <summary>Messages with the same one are an album.</summary>
    public string? MediaGroupId { get; init; }

    /// <summary>The same picture in several sizes.</summary>
    public IReadOnlyList<TelegramFile>? Photo { get; init; }

    public TelegramFile? Document { get; init; }

    public TelegramFile? Voice { get; init; }

    public TelegramFile? Audio { get; init; }

    public TelegramFile? Video { get; init; }

    public TelegramFile? VideoNote { get; init; }
}

internal sealed record TelegramUser(long Id)
{
    public bool IsBot { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Username { get; init; }
}

/// <param name="Type"><c>private</c>, <c>group</c>, <c>supergroup</c> or <c>channel</c>.</param>
internal sealed record TelegramChat(long Id, string? Type)
{
    public string? Title { get; init; }
}

/// <summary>A marked part of a text; places count UTF-16 units.</summary>
/// <param name="Type">Such as <c>mention</c>, <c>text_mention</c> or <c>bot_command</c>.</param>
internal sealed record TelegramEntity(string? Type, int Offset, int Length)
{
    public TelegramUser? User { get; init; }
}

internal sealed record TelegramFile
{
    public string? FileId { get; init; }

    public string? FileName { get; init; }

    public string? MimeType { get; init; }

    public long? FileSize { get; init; }

    public int Width { get; init; }

    public int Height { get; init; }
}

/// <summary>A press on a button under a message.</summary>
internal sealed record TelegramCallback(string? Id)
{
    public TelegramUser? From { get; init; }

    public TelegramMessage? Message { get; init; }

    public string? Data { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TelegramUpdate))]
[JsonSerializable(typeof(TextBody))]
[JsonSerializable(typeof(TextReply))]
internal sealed partial class TelegramJson : JsonSerializerContext;
