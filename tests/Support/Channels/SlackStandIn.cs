using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>
/// Slack's Web API (docs.slack.dev/reference/methods), its uploads, its files and its response URLs. Failures are HTTP 200 with
/// <c>ok: false</c>, except <c>429</c>. <c>channels.slack.apiUrl</c> is <see cref="ApiUrl"/>.
/// </summary>
public sealed partial class SlackStandIn : PlatformStandIn
{
    public const string Token = "xoxb-1-stand-in-token";

    public const string SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5";

    public const string TeamId = "T0STANDIN";

    public const string BotUserId = "U0OPENCLAW";

    public const string BotId = "B0OPENCLAW";

    public const string AppId = "A0OPENCLAW";

    /// <summary>Of <c>chat.update</c>; a new message takes more.</summary>
    private const int MaxUpdate = 4000;

    private const int MaxText = 12_000;

    private readonly List<SlackMessage> _messages = [];
    private int _last;

    public string ApiUrl => Origin + "/api/";

    /// <summary>What people see, in order; files are messages of their own.</summary>
    public IReadOnlyList<SlackMessage> Messages
    {
        get
        {
            lock (State)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>An error of Slack for each channel that cannot be written to, such as <c>is_archived</c>.</summary>
    public Dictionary<string, string> Refusing { get; } = [];

    public static async Task<SlackStandIn> StartAsync()
    {
        var slack = new SlackStandIn();
        await slack.ListenAsync();
        return slack;
    }

    /// <summary>The value of <c>X-Slack-Signature</c>.</summary>
    public static string Sign(string body, long timestamp, string secret = SigningSecret) => "v0=" + Convert.ToHexStringLower(
        System.Security.Cryptography.HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"v0:{timestamp}:{body}"))));

    /// <returns>A <c>response_url</c> that posts to a channel.</returns>
    public string ResponseUrl(string channel) => $"{Origin}/commands/{TeamId}/{channel}/secret";

    protected override string OperationOf(HttpRequest request) => request.Path.Value!.Split('/') switch
    {
        [_, "api", var method] => method,
        [_, "commands", ..] => "response_url",
        [_, var first, ..] => first,
        _ => "",
    };

    private protected override string? ChatOf(PlatformCall call) => call["channel"];

    protected override PlatformAnswer TooManyRequests(double retryAfterSeconds) => new(
        429,
        new JsonObject { ["ok"] = false, ["error"] = "ratelimited" },
        [("Retry-After", Math.Ceiling(retryAfterSeconds).ToString(CultureInfo.InvariantCulture))]);

    protected override PlatformAnswer ServerError(int status) => new(status, new JsonObject { ["ok"] = false, ["error"] = "fatal_error" });

    private protected override PlatformAnswer Answer(PlatformCall call)
    {
        switch (call.Operation)
        {
            case "response_url":
                return Respond(call);
            case "upload":
                return TakeUpload(call);
            case "files-pri":
                return GiveFile(call);
        }

        if (call.Authorization is null && call["token"] is null)
        {
            return Refuse("not_authed");
        }

        if (call.Authorization != "Bearer " + Token && call["token"] != Token)
        {
            return Refuse("invalid_auth");
        }

        return call.Operation switch
        {
            "auth.test" => Succeed(new()
            {
                ["url"] = Origin + "/",
                ["team"] = "Stand-in",
                ["user"] = "openclaw",
                ["team_id"] = TeamId,
                ["user_id"] = BotUserId,
                ["bot_id"] = BotId,
            }),
            "chat.postMessage" => Post(call),
            "chat.update" => Update(call),
            "chat.delete" => Find(call) is not { } at ? Refuse("message_not_found") : Delete(at),
            "conversations.history" => History(call, m => m.Thread is null || m.Thread == m.Ts, newestFirst: true),
            "conversations.replies" => History(call, m => m.Thread == call["ts"] || m.Ts == call["ts"], newestFirst: false),
            "files.info" => Describe(call["file"] ?? ""),
            "files.getUploadURLExternal" => GetUploadUrl(call),
            "files.completeUploadExternal" => CompleteUpload(call),
            _ => Refuse("unknown_method"),
        };
    }

    private PlatformAnswer Post(PlatformCall call)
    {
        if (RefusalOf(call["channel"]) is { } refusal)
        {
            return refusal;
        }

        var metadata = call.Json("metadata");
        if (metadata is not null && (metadata["event_type"] is not JsonValue || metadata["event_payload"] is not JsonObject))
        {
            return Refuse("invalid_metadata_format");
        }

        return CheckText(call, MaxText) ?? Deliver(new(
            NextTs(), call["channel"]!, call["text"]!, call["thread_ts"], metadata?.ToJsonString(), null));
    }

    private PlatformAnswer Update(PlatformCall call)
    {
        if (Find(call) is not { } at)
        {
            return Refuse("message_not_found");
        }

        if (CheckText(call, MaxUpdate) is { } refusal)
        {
            return refusal;
        }

        var metadata = call.Json("metadata")?.ToJsonString() ?? _messages[at].Metadata;
        _messages[at] = _messages[at] with { Text = call["text"]!, Metadata = metadata };
        return Succeed(new() { ["channel"] = call["channel"], ["ts"] = call["ts"], ["text"] = call["text"] });
    }

    private PlatformAnswer Delete(int at)
    {
        _messages.RemoveAt(at);
        return Succeed([]);
    }

    private PlatformAnswer History(PlatformCall call, Func<SlackMessage, bool> isIncluded, bool newestFirst)
    {
        if (RefusalOf(call["channel"]) is { } refusal)
        {
            return refusal;
        }

        var found = _messages.Where(m => m.Channel == call["channel"] && isIncluded(m)
            && (call["oldest"] is not { } oldest || string.CompareOrdinal(m.Ts, oldest) > 0)).ToList();
        if (newestFirst)
        {
            found.Reverse();
        }

        var limit = call["limit"] is null ? 100 : (int)call.Number("limit");
        return Succeed(new()
        {
            ["messages"] = new JsonArray([.. found.Take(limit).Select(m => Describe(m, call.Flag("include_all_metadata")))]),
            ["has_more"] = found.Count > limit,
        });
    }

    private PlatformAnswer Respond(PlatformCall call)
    {
        if (!call.IsJson || CheckText(call, MaxText) is not null)
        {
            return new(400, null, Bytes: Encoding.UTF8.GetBytes("invalid_payload"), ContentType: "text/plain");
        }

        _messages.Add(new(NextTs(), call.Path.Split('/')[3], call["text"]!, null, null, null)
        {
            IsEphemeral = call["response_type"] != "in_channel",
        });
        return new(200, null, Bytes: "ok"u8.ToArray(), ContentType: "text/plain");
    }

    private static PlatformAnswer? CheckText(PlatformCall call, int maxLength) => call["text"] switch
    {
        null or "" => Refuse("no_text"),
        { } text when text.Length > maxLength => Refuse("msg_too_long"),
        _ => null,
    };

    private PlatformAnswer? RefusalOf(string? channel) =>
        string.IsNullOrEmpty(channel) ? Refuse("channel_not_found") : Refusing.TryGetValue(channel, out var error) ? Refuse(error) : null;

    private int? Find(PlatformCall call) =>
        _messages.FindIndex(m => m.Channel == call["channel"] && m.Ts == call["ts"]) is >= 0 and var at ? at : null;

    private PlatformAnswer Deliver(SlackMessage message)
    {
        _messages.Add(message);
        return Succeed(new() { ["channel"] = message.Channel, ["ts"] = message.Ts, ["message"] = Describe(message, withMetadata: false) });
    }

    private string NextTs() => string.Create(CultureInfo.InvariantCulture, $"1700000000.{++_last:D6}");

    private static JsonObject Describe(SlackMessage message, bool withMetadata)
    {
        var described = new JsonObject
        {
            ["type"] = "message",
            ["user"] = BotUserId,
            ["bot_id"] = BotId,
            ["ts"] = message.Ts,
            ["text"] = message.Text,
        };
        if (message.Thread is { } thread)
        {
            described["thread_ts"] = thread;
        }

        if (withMetadata && message.Metadata is { } metadata)
        {
            described["metadata"] = JsonNode.Parse(metadata);
        }

        return described;
    }

    private static PlatformAnswer Succeed(JsonObject body)
    {
        body.Insert(0, "ok", true);
        return new(200, body);
    }

    private static PlatformAnswer Refuse(string error) => new(200, new JsonObject { ["ok"] = false, ["error"] = error });
}

/// <summary>A message that was delivered.</summary>
/// <param name="Text">In mrkdwn, as it was sent.</param>
/// <param name="Metadata">JSON; null without any.</param>
public sealed record SlackMessage(
    string Ts, string Channel, string Text, string? Thread, string? Metadata, (string Name, byte[] Content)? File)
{
    /// <summary>Only the person who gave the command sees it.</summary>
    public bool IsEphemeral { get; init; }
}
