using System.Globalization;
using OpenClaw.Configuration.Channels;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Files;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Gateway.Channels.Text;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types.Enums;

namespace OpenClaw.Gateway.Channels.Telegram;

/// <summary>Telegram, by its Bot API. It proves itself by a secret header, and numbers its updates.</summary>
internal sealed class TelegramChannel(TelegramApi api, ChannelHttp http, TimeProvider time) : Channel
{
    /// <summary>UTF-16 units of a message, after its markup was read.</summary>
    private const int MaxLength = 4096;

    /// <summary>Between chat and topic, as in keys of sessions.</summary>
    private const string TopicSeparator = ":topic:";

    /// <summary>The chat that a group was upgraded to, in the notes of a reply.</summary>
    private const string MigratedTo = "chat";

    public override string Id => "telegram";

    public override string Name => "Telegram";

    /// <summary>The sign of typing is shown for 5 s.</summary>
    public override TimeSpan? TypingInterval => TimeSpan.FromSeconds(4);

    public override bool MayBeFrom(ChannelAccount account, WebhookCall call) =>
        call.Header("X-Telegram-Bot-Api-Secret-Token") is { } shown
            && Secret.From(account.As<TelegramSection>().WebhookSecret)?.Matches(shown) == true;

    public override async ValueTask<InboundCall> ParseAsync(
        ChannelAccount account, WebhookCall call, CancellationToken cancellationToken)
    {
        var section = account.As<TelegramSection>();
        var update = JsonBody.Parse(call.Body.Span, TelegramJson.Default.TelegramUpdate);
        try
        {
            var message = await TelegramInbound.ReadAsync(
                update, TelegramApi.BotIdOf(section), () => api.FindNameAsync(section, cancellationToken));
            return message is null ? InboundCall.Nothing : new InboundCall([message]);
        }
        catch (RequestException)
        {
            throw new GatewayException(GatewayError.Unavailable(
                ErrorCode.UpstreamUnavailable, "The name of the bot is not known yet: the Bot API does not answer."));
        }
    }

    public override Task NoticeAsync(ChannelAccount account, ChatAddress to, CancellationToken cancellationToken) =>
        to.More.GetValueOrDefault(TelegramInbound.Callback) is not { } callback ? Task.CompletedTask : api.CallAsync(
            account.As<TelegramSection>(), async (client, token) =>
            {
                await client.AnswerCallbackQuery(callback, cancellationToken: token);
                return true;
            }, cancellationToken);

    public override Task ShowTypingAsync(ChannelAccount account, ChatAddress to, CancellationToken cancellationToken) => api.CallAsync(
        account.As<TelegramSection>(), async (client, token) =>
        {
            await client.SendChatAction(ChatOf(to.Chat), ChatAction.Typing, ThreadOf(to), cancellationToken: token);
            return true;
        }, cancellationToken);

    /// <summary>Telegram takes about one message a second in a chat, in groups twenty a minute.</summary>
    public override TimeSpan? DraftInterval(ChannelAccount account, ChatAddress to) =>
        account.As<TelegramSection>().Streaming == "off" ? null : TimeSpan.FromSeconds(to.Chat.StartsWith('-') ? 5 : 3);

    public override async Task<string?> ShowDraftAsync(
        ChannelAccount account, ChatAddress to, string? draft, string markdown, CancellationToken cancellationToken)
    {
        if (Render(account, markdown, static _ => false) is not [var part, ..])
        {
            return null;
        }

        var section = account.As<TelegramSection>();
        var id = await api.CallAsync(
            section, (client, token) => draft is null ? SendTextAsync(client, part.Text, TextRequest.Html, to.Chat, to, token)
                : EditAsync(client, part.Text, TextRequest.Html, to.Chat, draft, token), cancellationToken);
        return id.ToString(CultureInfo.InvariantCulture);
    }

    public override IReadOnlyList<OutboundPart> Render(ChannelAccount account, string markdown, Func<string, bool> isOwnFile)
    {
        var text = ChannelText.Read(markdown, TelegramHtml.Instance, isOwnFile);
        var length = Math.Min(account.Section.TextChunkLimit ?? TelegramHtml.Instance.DefaultLimits.MaxLength, MaxLength);
        return text.ToMessages(new TextLimits(length));
    }

    public override ChatAddress? AddressOf(string to)
    {
        var (chat, topic) = to.Split(TopicSeparator) is [var one, var two] ? (one, two) : (to, null);
        var isChat = long.TryParse(chat, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            || (chat.Length is > 1 and <= 64 && chat[0] == '@' && chat.Skip(1).All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        return isChat && (topic is null || int.TryParse(topic, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? new ChatAddress(chat, topic) : null;
    }

    public override async Task<SendOutcome> SendAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        var chat = delivery.Notes.TryGetValue(MigratedTo, out var migrated) ? migrated : delivery.To.Chat;
        try
        {
            await TrySendAsync(part, delivery, chat, TextRequest.Html, cancellationToken);
            return new SendOutcome.Sent();
        }
        catch (ApiRequestException moved) when (moved.Parameters?.MigrateToChatId is { } supergroup)
        {
            delivery.Notes[MigratedTo] = supergroup.ToString(CultureInfo.InvariantCulture);
            return migrated is null ? await SendAsync(part, delivery, cancellationToken) : TelegramApi.OutcomeOf(moved);
        }
        catch (ApiRequestException refused) when (refused.ErrorCode == 400 && IsAboutMarkup(refused.Message))
        {
            return await SendPlainAsync(part, delivery, chat, cancellationToken);
        }
        catch (RequestException failure)
        {
            return TelegramApi.OutcomeOf(failure);
        }
    }

    public override async Task<InboundContent?> DownloadAsync(
        ChannelAccount account, InboundFile file, CancellationToken cancellationToken)
    {
        var section = account.As<TelegramSection>();
        try
        {
            var found = await api.CallAsync(section, (client, token) => client.GetFile(file.Id, token), cancellationToken);
            if (found.FilePath is not { } path || path.Contains("..", StringComparison.Ordinal))
            {
                return null;
            }

            var content = await PlatformFile.ReadAsync(
                http, TelegramApi.AddressOf(section, path), token: null, section.MediaMaxMb * 1_048_576L, file, time, cancellationToken);
            return content is null ? null : new InboundContent(content.Bytes, null, Path.GetFileName(path));
        }
        catch (RequestException)
        {
            return null;
        }
    }

    private async Task<SendOutcome> SendPlainAsync(OutboundPart part, Delivery delivery, string chat, CancellationToken cancellationToken)
    {
        try
        {
            await TrySendAsync(part with { Text = part.Plain }, delivery, chat, null, cancellationToken);
            return new SendOutcome.Sent();
        }
        catch (RequestException failure)
        {
            return TelegramApi.OutcomeOf(failure);
        }
    }

    private Task<int> TrySendAsync(
        OutboundPart part, Delivery delivery, string chat, string? mode, CancellationToken cancellationToken)
    {
        var section = delivery.Account.As<TelegramSection>();
        return part.Media is not null
            ? api.CallAsync(section, (client, token) => SendFileAsync(client, delivery, chat, token), cancellationToken, isUpload: true)
            : api.CallAsync(
                section, (client, token) => delivery.Draft is { } draft
                    ? ReplaceAsync(client, part.Text, mode, chat, draft, delivery.To, token)
                    : SendTextAsync(client, part.Text, mode, chat, delivery.To, token), cancellationToken);
    }

    /// <summary>Puts the answer into the message that showed it while it grew; a new message when that is gone.</summary>
    private static async Task<int> ReplaceAsync(
        TelegramBotClient client, string text, string? mode, string chat, string draft, ChatAddress to,
        CancellationToken cancellationToken)
    {
        try
        {
            return await EditAsync(client, text, mode, chat, draft, cancellationToken);
        }
        catch (ApiRequestException gone) when (gone.ErrorCode == 400 && !IsAboutMarkup(gone.Message)
            && gone.Parameters?.MigrateToChatId is null)
        {
            return await SendTextAsync(client, text, mode, chat, to, cancellationToken);
        }
    }

    private static async Task<int> EditAsync(
        TelegramBotClient client, string text, string? mode, string chat, string message, CancellationToken cancellationToken)
    {
        var id = int.Parse(message, NumberStyles.None, CultureInfo.InvariantCulture);
        try
        {
            await client.SendRequest(
                TextRequest.Edit(new TextBody(ChatOf(chat), text) { MessageId = id, ParseMode = mode }), cancellationToken);
        }
        catch (ApiRequestException same) when (same.Message.Contains("message is not modified", StringComparison.OrdinalIgnoreCase))
        {
            // It says so already.
        }

        return id;
    }

    private static async Task<int> SendTextAsync(
        TelegramBotClient client, string text, string? mode, string chat, ChatAddress to, CancellationToken cancellationToken) =>
        (await client.SendRequest(
            TextRequest.Send(BodyOf(chat, text, to) with { ParseMode = mode }),
            cancellationToken)).Id;

    private static async Task<int> SendFileAsync(
        TelegramBotClient client, Delivery delivery, string chat, CancellationToken cancellationToken) =>
        delivery.File is not { } file
            ? await SendTextAsync(client, OutboundFile.Missing, mode: null, chat, delivery.To, cancellationToken)
            : (await client.SendRequest(new FileRequest(BodyOf(chat, "", delivery.To), file), cancellationToken)).Id;

    private static TextBody BodyOf(string chat, string text, ChatAddress to) => new(ChatOf(chat), text)
    {
        MessageThreadId = ThreadOf(to),
        ReplyParameters = RepliedTo(to) is { } reply ? new TextReply(reply) : null,
    };

    private static bool IsAboutMarkup(string message) => message.Contains("can't parse", StringComparison.OrdinalIgnoreCase);

    private static long ChatOf(string chat) => long.Parse(chat, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static int? ThreadOf(ChatAddress to) =>
        int.TryParse(to.Thread, NumberStyles.None, CultureInfo.InvariantCulture, out var thread) ? thread : null;

    private static int? RepliedTo(ChatAddress to) =>
        int.TryParse(to.ReplyTo, NumberStyles.None, CultureInfo.InvariantCulture, out var message) ? message : null;
}
