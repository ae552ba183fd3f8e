using System.Text.Json.Serialization;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace OpenClaw.Gateway.Channels.Telegram;

/// <summary><c>sendMessage</c> with the parse mode spelled as the Bot API documents it; Telegram.Bot spells it otherwise.</summary>
internal sealed class TextRequest() : RequestBase<Message>("sendMessage")
{
    public const string Html = "HTML";

    [JsonPropertyName("chat_id")]
    public required long ChatId { get; init; }

    [JsonPropertyName("message_thread_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Thread { get; init; }

    [JsonPropertyName("text")]
    public required string Text { get; init; }

    /// <summary><see cref="Html"/>; null is plain text.</summary>
    [JsonPropertyName("parse_mode"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mode { get; init; }

    [JsonPropertyName("reply_parameters"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReplyParameters? Reply { get; init; }
}

/// <summary><c>editMessageText</c>; see <see cref="TextRequest"/>.</summary>
internal sealed class EditRequest() : RequestBase<Message>("editMessageText")
{
    [JsonPropertyName("chat_id")]
    public required long ChatId { get; init; }

    [JsonPropertyName("message_id")]
    public required int MessageId { get; init; }

    [JsonPropertyName("text")]
    public required string Text { get; init; }

    /// <inheritdoc cref="TextRequest.Mode"/>
    [JsonPropertyName("parse_mode"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mode { get; init; }
}
