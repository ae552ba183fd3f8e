using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>
/// Meta's WhatsApp Cloud API (developers.facebook.com/docs/whatsapp/cloud-api). <c>channels.whatsapp.apiUrl</c> is
/// <see cref="ApiUrl"/>.
/// </summary>
public sealed class WhatsAppStandIn : PlatformStandIn
{
    public const string Token = "EAAStandInToken";

    public const string AppSecret = "stand-in-app-secret";

    public const string VerifyToken = "stand-in-verify-token";

    public const string PhoneNumberId = "106540352242922";

    private const int MaxBody = 4096;

    private const int MaxCaption = 1024;

    private readonly List<WhatsAppMessage> _messages = [];
    private readonly Dictionary<string, (string MediaType, byte[] Content)> _media = [];
    private readonly List<string> _read = [];
    private int _last;

    public string ApiUrl => Origin + "/v23.0";

    public IReadOnlyList<WhatsAppMessage> Messages
    {
        get
        {
            lock (State)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Ids of messages that were marked as read.</summary>
    public IReadOnlyList<string> Read
    {
        get
        {
            lock (State)
            {
                return [.. _read];
            }
        }
    }

    /// <summary>The address that files are said to have; null is the right one.</summary>
    public string? Elsewhere { get; set; }

    /// <summary>People who did not write within 24 hours: <c>400</c>, code 131047.</summary>
    public HashSet<string> Silent { get; } = [];

    public static async Task<WhatsAppStandIn> StartAsync()
    {
        var whatsApp = new WhatsAppStandIn();
        await whatsApp.ListenAsync();
        return whatsApp;
    }

    /// <summary>The value of <c>X-Hub-Signature-256</c>.</summary>
    public static string Sign(string body, string secret = AppSecret) => "sha256=" + Convert.ToHexStringLower(
        System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    public void AddMedia(string id, string mediaType, byte[] content)
    {
        lock (State)
        {
            _media[id] = (mediaType, content);
        }
    }

    protected override string OperationOf(HttpRequest request) => request.Path.Value!.Split('/') switch
    {
        [_, "attachments", ..] => "download",
        [_, _, _, "messages"] => "messages",
        [_, _, _, "media"] => "upload",
        [_, _, _] => "media",
        _ => "",
    };

    private protected override string? ChatOf(PlatformCall call) => call["to"];

    protected override PlatformAnswer TooManyRequests(double retryAfterSeconds) => Refuse(
        429, 130429, "(#130429) Rate limit hit", [("Retry-After", Math.Ceiling(retryAfterSeconds).ToString(CultureInfo.InvariantCulture))]);

    protected override PlatformAnswer ServerError(int status) => Refuse(status, 131000, "(#131000) Something went wrong");

    private protected override PlatformAnswer Answer(PlatformCall call)
    {
        if (call.Authorization != "Bearer " + Token)
        {
            return Refuse(401, 190, "Invalid OAuth access token - Cannot parse access token");
        }

        var path = call.Path.Split('/');
        return call.Operation switch
        {
            "messages" or "upload" when path[2] != PhoneNumberId => Refuse(
                400, 100, $"Unsupported post request. Object with ID '{path[2]}' does not exist"),
            "messages" when call["status"] == "read" => MarkRead(call),
            "media" when path[2] == PhoneNumberId => new(200, new JsonObject
            {
                ["verified_name"] = "OpenClaw",
                ["display_phone_number"] = "+1 555-999-0000",
                ["id"] = PhoneNumberId,
            }),
            "messages" => Send(call),
            "upload" => Upload(call),
            "media" when _media.TryGetValue(path[2], out var media) => new(200, new JsonObject
            {
                ["messaging_product"] = "whatsapp",
                ["id"] = path[2],
                ["mime_type"] = media.MediaType,
                ["file_size"] = media.Content.Length,
                ["url"] = Elsewhere ?? $"{Origin}/attachments/{path[2]}",
            }),
            "download" when _media.TryGetValue(path[2], out var media) => new(
                200, null, Bytes: media.Content, ContentType: media.MediaType),
            _ => Refuse(404, 100, "Unknown path components"),
        };
    }

    private PlatformAnswer Send(PlatformCall call)
    {
        if (!call.IsJson || call["messaging_product"] != "whatsapp" || call["to"] is not { Length: > 0 } to)
        {
            return Refuse(400, 100, "(#100) Invalid parameter");
        }

        if (Silent.Contains(to))
        {
            return Refuse(400, 131047, "(#131047) Re-engagement message");
        }

        var type = call["type"] ?? "text";
        var content = call.Json(type);
        var text = content?[type == "text" ? "body" : "caption"]?.GetValue<string>() ?? "";
        var media = content?["id"]?.GetValue<string>();
        if ((type == "text" ? text.Length is 0 or > MaxBody : text.Length > MaxCaption || media is null || !_media.ContainsKey(media))
            || type is not ("text" or "image" or "document" or "audio" or "video"))
        {
            return Refuse(400, 100, "(#100) Invalid parameter");
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"wamid.{++_last:D8}");
        _messages.Add(new(
            id, to, text, call.Json("context")?["message_id"]?.GetValue<string>(), type, media is null ? null : _media[media].Content));
        return new(200, new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["contacts"] = new JsonArray(new JsonObject { ["input"] = to, ["wa_id"] = to }),
            ["messages"] = new JsonArray(new JsonObject { ["id"] = id }),
        });
    }

    private PlatformAnswer MarkRead(PlatformCall call)
    {
        if (call["message_id"] is not { Length: > 0 } id
            || call.Json("typing_indicator")?["type"]?.GetValue<string>() is not (null or "text"))
        {
            return Refuse(400, 100, "(#100) Invalid parameter");
        }

        _read.Add(id);
        return new(200, new JsonObject { ["success"] = true });
    }

    private PlatformAnswer Upload(PlatformCall call)
    {
        if (call["messaging_product"] != "whatsapp" || call.Uploads is not [{ Field: "file", ContentType: { } mediaType } file])
        {
            return Refuse(400, 100, "(#100) Invalid parameter");
        }

        var id = (2_000_000 + ++_last).ToString(CultureInfo.InvariantCulture);
        _media[id] = (mediaType, file.Content);
        return new(200, new JsonObject { ["id"] = id });
    }

    private static PlatformAnswer Refuse(
        int status, int code, string message, IReadOnlyList<(string Name, string Value)>? headers = null) => new(
        status,
        new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = message, ["type"] = "OAuthException", ["code"] = code, ["fbtrace_id"] = "A1" },
        },
        headers);
}

/// <summary>A message that was delivered.</summary>
/// <param name="ReplyTo">The id of the message that it quotes.</param>
/// <param name="Type">Such as <c>text</c> or <c>image</c>.</param>
public sealed record WhatsAppMessage(string Id, string To, string Text, string? ReplyTo, string Type, byte[]? Media);
