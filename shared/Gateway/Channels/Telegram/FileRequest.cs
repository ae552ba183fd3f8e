using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenClaw.Gateway.Channels.Outbox;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace OpenClaw.Gateway.Channels.Telegram;

/// <summary><c>sendPhoto</c> or <c>sendDocument</c> with the file in the field of its name, as the Bot API documents it; Telegram.Bot names
/// it otherwise.</summary>
internal sealed class FileRequest(TextBody to, OutboundFile file) : RequestBase<Message>(IsPhoto(file) ? "sendPhoto" : "sendDocument")
{
    public override HttpContent ToHttpContent()
    {
        var content = new ByteArrayContent(file.Bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(file.MediaType);
        var form = new MultipartFormDataContent
        {
            { new StringContent(to.ChatId.ToString(CultureInfo.InvariantCulture)), "chat_id" },
            { content, IsPhoto(file) ? "photo" : "document", file.Name },
        };
        if (to.MessageThreadId is { } thread)
        {
            form.Add(new StringContent(thread.ToString(CultureInfo.InvariantCulture)), "message_thread_id");
        }

        if (to.ReplyParameters is { } reply)
        {
            form.Add(new StringContent(JsonSerializer.Serialize(reply, TelegramJson.Default.TextReply)), "reply_parameters");
        }

        return form;
    }

    private static bool IsPhoto(OutboundFile file) => file.MediaType is "image/jpeg" or "image/png" or "image/webp";
}
