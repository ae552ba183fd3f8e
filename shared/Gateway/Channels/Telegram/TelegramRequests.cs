using System.Net.Http.Json;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace OpenClaw.Gateway.Channels.Telegram;

/// <summary><c>sendMessage</c> or <c>editMessageText</c> with the parse mode spelled as the Bot API documents it, <c>HTML</c>; Telegram.Bot
/// spells it otherwise.</summary>
internal sealed class TextRequest(string method, TextBody body) : RequestBase<Message>(method)
{
    public const string Html = "HTML";

    public static TextRequest Send(TextBody body) => new("sendMessage", body);

    public static TextRequest Edit(TextBody body) => new("editMessageText", body);

    public override HttpContent ToHttpContent() => JsonContent.Create(body, TelegramJson.Default.TextBody);
}

/// <summary>Source: Bot API, "sendMessage" and "editMessageText".</summary>
internal sealed record TextBody(long ChatId, string Text)
{
    /// <summary><see cref="TextRequest.Html"/>; null is plain text.</summary>
    public string? ParseMode { get; init; }

    /// <summary>The message to edit.</summary>
    public int? MessageId { get; init; }

    public int? MessageThreadId { get; init; }

    public TextReply? ReplyParameters { get; init; }
}

/// <param name="AllowSendingWithoutReply">Whether a message that is gone may be answered all the same.</param>
internal sealed record TextReply(int MessageId, bool AllowSendingWithoutReply = true);
