using System.Globalization;
using OpenClaw.Gateway.Channels.Inbound;

namespace OpenClaw.Gateway.Channels.Telegram;

/// <summary>Reads updates: who wrote what in which chat, and whether the bot is meant.</summary>
internal static class TelegramInbound
{
    /// <summary>The callback to answer, in <see cref="ChatAddress.More"/>.</summary>
    public const string Callback = "callback";

    private const string EditedNote = "[edited message]\n";

    /// <param name="botId">From the token.</param>
    /// <param name="findName">The bot's name without <c>@</c>; asked only where it matters.</param>
    /// <returns>Null for an update that is of no interest.</returns>
    public static async ValueTask<InboundMessage?> ReadAsync(TelegramUpdate update, long botId, Func<ValueTask<string>> findName)
    {
        var message = update.CallbackQuery?.Message ?? update.Message ?? update.EditedMessage ?? update.ChannelPost;
        if (message?.Chat is not { } chat || message.From is { IsBot: true } && update.CallbackQuery is null)
        {
            return null;
        }

        var sender = update.CallbackQuery is { } callback ? callback.From : message.From;
        var text = update.CallbackQuery is null ? message.Text ?? message.Caption ?? "" : update.CallbackQuery.Data ?? "";
        List<InboundFile> files = update.CallbackQuery is null ? [.. FilesOf(message)] : [];
        if (string.IsNullOrWhiteSpace(text) && files.Count == 0)
        {
            return null; // somebody joined, a title changed, …
        }

        var (isAddressed, asked) = update.CallbackQuery is null ? await ReadMentionAsync(message, text, botId, findName) : (true, text);
        var isDirect = chat.Type == "private";
        var thread = message.MessageThreadId is { } id && (message.IsTopicMessage || isDirect) ? Text(id) : null;
        return new InboundMessage
        {
            EventId = Text(update.UpdateId),
            Order = update.UpdateId,
            Kind = isDirect ? ChatKind.Direct : ChatKind.Group,
            Chat = Text(chat.Id),
            Thread = thread,
            ThreadWord = "topic",
            Sender = sender is null ? null : Text(sender.Id),
            SenderName = sender is null ? null : $"{sender.FirstName} {sender.LastName}".Trim(),
            ChatTitle = chat.Title,
            IsAddressed = isAddressed,
            Text = update.EditedMessage is null ? asked : EditedNote + asked,
            Files = files,
            Album = update.Message?.MediaGroupId,
            To = new ChatAddress(Text(chat.Id), thread, isDirect || update.CallbackQuery is not null ? null : Text(message.MessageId))
            {
                More = update.CallbackQuery?.Id is { } pressed ? new Dictionary<string, string> { [Callback] = pressed } : [],
            },
        };
    }

    /// <summary>Whether the bot is meant, and the text without the mention that says so.</summary>
    private static async ValueTask<(bool IsAddressed, string Text)> ReadMentionAsync(
        TelegramMessage message, string text, long botId, Func<ValueTask<string>> findName)
    {
        var isAddressed = message.ReplyToMessage?.From?.Id == botId;
        foreach (var entity in (message.Entities ?? message.CaptionEntities ?? []).OrderByDescending(e => e.Offset))
        {
            if (entity.Offset < 0 || entity.Length <= 0 || entity.Offset + entity.Length > text.Length)
            {
                continue;
            }

            var marked = text.Substring(entity.Offset, entity.Length);
            switch (entity.Type)
            {
                case "text_mention" when entity.User?.Id == botId:
                    isAddressed = true;
                    break;
                case "mention" when IsSame(marked, "@" + await findName()):
                    (isAddressed, text) = (true, Without(text, entity));
                    break;
                case "bot_command" when marked.Split('@') is [var command, var name]:
                    if (!IsSame(name, await findName()))
                    {
                        return (false, text); // for another bot
                    }

                    (isAddressed, text) = (true, command + text[(entity.Offset + entity.Length)..]);
                    break;
            }
        }

        return (isAddressed, text);
    }

    /// <summary>A mention at the beginning or end calls the bot and is no part of what it is asked.</summary>
    private static string Without(string text, TelegramEntity mention)
    {
        var (before, after) = (text[..mention.Offset], text[(mention.Offset + mention.Length)..]);
        return before.Trim().Length == 0 ? after.TrimStart(' ', ',', ':', '\n') : after.Trim().Length == 0 ? before.TrimEnd() : text;
    }

    private static IEnumerable<InboundFile> FilesOf(TelegramMessage message)
    {
        if (message.Photo?.MaxBy(size => (long)size.Width * size.Height) is { FileId: { } photo } largest)
        {
            yield return new InboundFile(photo, IsImage: true, null, null, largest.FileSize);
        }

        (TelegramFile? File, string Name)[] others =
        [
            (message.Document, "document"), (message.Voice, "voice.ogg"), (message.Audio, "audio"), (message.Video, "video"),
            (message.VideoNote, "video.mp4"),
        ];
        foreach (var (file, name) in others)
        {
            if (file?.FileId is { } id)
            {
                var isImage = file.MimeType?.StartsWith("image/", StringComparison.Ordinal) == true;
                yield return new InboundFile(id, isImage, file.FileName ?? name, file.MimeType, file.FileSize);
            }
        }
    }

    private static bool IsSame(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
