using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>
/// The Telegram Bot API (core.telegram.org/bots/api). Methods by GET or POST, parameters in the query, as JSON, as form or multipart.
/// <c>channels.telegram.apiRoot</c> is <see cref="PlatformStandIn.Origin"/>.
/// </summary>
public sealed class TelegramStandIn : PlatformStandIn
{
    public const string Token = "123456789:AAExampleTokenOfTheStandIn_0123456789abc";

    public const long BotId = 123456789;

    public const string BotName = "openclaw_test_bot";

    private static readonly string[] ChatActions =
    [
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker",
        "find_location", "record_video_note", "upload_video_note",
    ];

    private readonly List<TelegramMessage> _messages = [];
    private readonly Dictionary<string, (string Path, byte[] Content)> _files = [];
    private readonly Dictionary<long, int> _acceptedByChat = [];
    private int _lastMessage = 1000;

    /// <summary>What people see, in order: the newest text of each message.</summary>
    public IReadOnlyList<TelegramMessage> Messages
    {
        get
        {
            lock (State)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Chats in which the bot was blocked: <c>403</c>.</summary>
    public HashSet<long> Blocked { get; } = [];

    /// <summary>Chats that do not exist: <c>400 chat not found</c>.</summary>
    public HashSet<long> Missing { get; } = [];

    /// <summary>Groups that became a supergroup: <c>400</c> with <c>migrate_to_chat_id</c>.</summary>
    public Dictionary<long, long> Migrated { get; } = [];

    /// <summary>How many messages a chat takes before <c>429</c> with <c>retry_after</c> 1; then it takes as many again.</summary>
    public int MessagesPerChat { get; set; } = int.MaxValue;

    /// <summary>What <c>setWebhook</c> set; null without one.</summary>
    public PlatformCall? Webhook { get; private set; }

    public static async Task<TelegramStandIn> StartAsync()
    {
        var telegram = new TelegramStandIn();
        await telegram.ListenAsync();
        return telegram;
    }

    /// <summary>A file that <c>getFile</c> and its link give.</summary>
    public void AddFile(string fileId, string path, byte[] content)
    {
        lock (State)
        {
            _files[fileId] = (path, content);
        }
    }

    protected override string OperationOf(HttpRequest request) =>
        request.Path.StartsWithSegments("/file") ? "file" : request.Path.Value!.Split('/')[^1];

    private protected override string? ChatOf(PlatformCall call) => call["chat_id"];

    protected override PlatformAnswer TooManyRequests(double retryAfterSeconds) =>
        Refuse(
            429,
            $"Too Many Requests: retry after {retryAfterSeconds}",
            new() { ["retry_after"] = (int)Math.Ceiling(retryAfterSeconds) });

    protected override PlatformAnswer ServerError(int status) => Refuse(status, "Internal Server Error");

    private protected override PlatformAnswer Answer(PlatformCall call)
    {
        if (call.Path.Split('/') is not ["", var first, ..] || (first != "file" && !first.StartsWith("bot", StringComparison.Ordinal)))
        {
            return Refuse(404, "Not Found");
        }

        if (first == "file")
        {
            return ReadFile(call.Path);
        }

        return first != "bot" + Token ? Refuse(401, "Unauthorized") : call.Operation switch
        {
            "getMe" => Succeed(Bot()),
            "setWebhook" => SetWebhook(call),
            "deleteWebhook" => SetWebhook(null),
            "getWebhookInfo" => Succeed(new JsonObject { ["url"] = Webhook?["url"] ?? "", ["pending_update_count"] = 0 }),
            "setMyCommands" or "answerCallbackQuery" or "setMessageReaction" => Succeed(true),
            "sendMessage" => Send(call, "text", 4096, null),
            "sendPhoto" => Send(call, "caption", 1024, "photo"),
            "sendDocument" => Send(call, "caption", 1024, "document"),
            "editMessageText" => Edit(call),
            "deleteMessage" => _messages.RemoveAll(m => m.ChatId == call.Number("chat_id") && m.Id == call.Number("message_id")) > 0
                ? Succeed(true) : Refuse(400, "Bad Request: message to delete not found"),
            "sendChatAction" => Find(call) ?? (ChatActions.Contains(call["action"]) ? Succeed(true)
                : Refuse(400, "Bad Request: wrong parameter action in request")),
            "getFile" => GetFile(call),
            _ => Refuse(404, "Not Found: method not found"),
        };
    }

    private PlatformAnswer SetWebhook(PlatformCall? call)
    {
        if (call?["url"] is { Length: > 0 } url && !url.StartsWith("https://", StringComparison.Ordinal))
        {
            return Refuse(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
        }

        if (call?["secret_token"] is { } secret && (secret.Length is 0 or > 256
            || !secret.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')))
        {
            return Refuse(400, "Bad Request: secret token contains unallowed characters");
        }

        Webhook = call;
        return Succeed(true);
    }

    /// <summary>A refusal when the chat cannot be written to.</summary>
    private PlatformAnswer? Find(PlatformCall call)
    {
        var chat = call.Number("chat_id");
        return chat == 0 ? Refuse(400, "Bad Request: chat_id is empty")
            : Missing.Contains(chat) ? Refuse(400, "Bad Request: chat not found")
            : Blocked.Contains(chat) ? Refuse(403, "Forbidden: bot was blocked by the user")
            : Migrated.TryGetValue(chat, out var supergroup) ? Refuse(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                new() { ["migrate_to_chat_id"] = supergroup })
            : null;
    }

    private PlatformAnswer Send(PlatformCall call, string field, int maxLength, string? fileField)
    {
        var upload = call.Uploads.FirstOrDefault(u => u.Field == fileField || "attach://" + u.Field == call[fileField ?? ""]);
        var (unreadable, text) = ReadText(call, field, maxLength);
        var refusal = Find(call) ?? unreadable
            ?? (fileField is null && string.IsNullOrWhiteSpace(text) ? Refuse(400, "Bad Request: message text is empty")
                : fileField is not null && upload is null && call[fileField] is null
                    ? Refuse(400, $"Bad Request: there is no {fileField} in the request") : null);
        if (refusal is not null)
        {
            return refusal;
        }

        var chat = call.Number("chat_id");
        _acceptedByChat[chat] = _acceptedByChat.GetValueOrDefault(chat) + 1;
        if (_acceptedByChat[chat] > MessagesPerChat)
        {
            _acceptedByChat[chat] = 0;
            return TooManyRequests(1);
        }

        var message = new TelegramMessage(
            ++_lastMessage,
            chat,
            text.Trim(),
            call[field] ?? "",
            call["parse_mode"],
            call["message_thread_id"] is null ? null : call.Number("message_thread_id"),
            call.Json("reply_parameters")?["message_id"]?.GetValue<long>()
                ?? (call["reply_to_message_id"] is null ? null : call.Number("reply_to_message_id")),
            upload);
        _messages.Add(message);
        return Succeed(Describe(message));
    }

    private PlatformAnswer Edit(PlatformCall call)
    {
        var (unreadable, text) = ReadText(call, "text", 4096);
        if ((Find(call) ?? unreadable) is { } refusal)
        {
            return refusal;
        }

        var at = _messages.FindIndex(m => m.ChatId == call.Number("chat_id") && m.Id == call.Number("message_id"));
        if (at < 0)
        {
            return Refuse(400, "Bad Request: message to edit not found");
        }

        if (_messages[at].Markup == call["text"] || string.IsNullOrWhiteSpace(text))
        {
            return Refuse(400, string.IsNullOrWhiteSpace(text) ? "Bad Request: message text is empty"
                : "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current "
                    + "content and reply markup of the message");
        }

        _messages[at] = _messages[at] with { Text = text.Trim(), Markup = call["text"]!, ParseMode = call["parse_mode"] };
        return Succeed(Describe(_messages[at]));
    }

    private static (PlatformAnswer? Refusal, string Text) ReadText(PlatformCall call, string field, int maxLength)
    {
        var text = call[field] ?? "";
        if (call["parse_mode"] is { } mode && mode != "HTML")
        {
            return (Refuse(400, "Bad Request: unsupported parse_mode"), ""); // MarkdownV2 exists, but the stand-in does not read it
        }

        try
        {
            text = call["parse_mode"] is null ? text : TelegramHtmlReader.Read(text);
        }
        catch (FormatException wrong)
        {
            return (Refuse(400, $"Bad Request: can't parse entities: {wrong.Message}"), "");
        }

        return text.Trim().Length <= maxLength ? (null, text)
            : (Refuse(400, field == "text" ? "Bad Request: message is too long" : "Bad Request: message caption is too long"), "");
    }

    private PlatformAnswer GetFile(PlatformCall call) =>
        _files.TryGetValue(call["file_id"] ?? "", out var file)
            ? Succeed(new JsonObject
            {
                ["file_id"] = call["file_id"],
                ["file_unique_id"] = "u" + call["file_id"],
                ["file_size"] = file.Content.Length,
                ["file_path"] = file.Path,
            })
            : Refuse(400, "Bad Request: invalid file_id");

    private PlatformAnswer ReadFile(string path)
    {
        const string Root = $"/file/bot{Token}/";
        var file = path.StartsWith(Root, StringComparison.Ordinal)
            ? _files.Values.FirstOrDefault(f => f.Path == path[Root.Length..]) : default;
        return file.Content is null ? Refuse(404, "Not Found")
            : new(200, null, Bytes: file.Content, ContentType: "application/octet-stream");
    }

    private static JsonObject Bot() => new()
    {
        ["id"] = BotId,
        ["is_bot"] = true,
        ["first_name"] = "OpenClaw",
        ["username"] = BotName,
        ["can_join_groups"] = true,
        ["can_read_all_group_messages"] = false,
        ["supports_inline_queries"] = false,
    };

    private static JsonObject Describe(TelegramMessage message) => new()
    {
        ["message_id"] = message.Id,
        ["from"] = Bot(),
        ["chat"] = new JsonObject { ["id"] = message.ChatId, ["type"] = message.ChatId < 0 ? "supergroup" : "private" },
        ["date"] = 1_700_000_000,
        ["text"] = message.Text,
    };

    private static PlatformAnswer Succeed(JsonNode result) => new(200, new JsonObject { ["ok"] = true, ["result"] = result });

    private static PlatformAnswer Refuse(int status, string description, JsonObject? parameters = null)
    {
        var body = new JsonObject { ["ok"] = false, ["error_code"] = status, ["description"] = description };
        if (parameters is not null)
        {
            body["parameters"] = parameters;
        }

        return new(status, body);
    }
}

/// <summary>A message that was delivered.</summary>
/// <param name="Text">What a reader sees.</param>
/// <param name="Markup">The text as it was sent.</param>
/// <param name="Thread">The topic; null outside topics.</param>
public sealed record TelegramMessage(
    int Id, long ChatId, string Text, string Markup, string? ParseMode, long? Thread, long? ReplyTo, PlatformUpload? File);
