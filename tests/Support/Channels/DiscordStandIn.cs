using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using NSec.Cryptography;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>
/// Discord's HTTP API (docs.discord.com): messages of interactions and of channels, commands, attachments.
/// <c>channels.discord.apiUrl</c> is <see cref="ApiUrl"/>.
/// </summary>
public sealed class DiscordStandIn : PlatformStandIn
{
    public const string Token = "MTIz.stand-in.token";

    public const string ApplicationId = "112233445566778899";

    private const int MaxContent = 2000;

    private static readonly Key SigningKey = Key.Create(
        SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });

    private readonly List<DiscordMessage> _messages = [];
    private readonly Dictionary<string, DiscordInteraction> _interactions = [];
    private readonly Dictionary<string, string> _nonces = [];
    private readonly Dictionary<string, byte[]> _files = [];
    private long _last = 1_300_000_000_000_000_000;

    public string ApiUrl => Origin + "/api/v10";

    /// <summary>Hex, for <c>channels.discord.publicKey</c>.</summary>
    public static string PublicKey { get; } = Convert.ToHexStringLower(SigningKey.PublicKey.Export(KeyBlobFormat.RawPublicKey));

    /// <summary>What people see, in order; answers that are only announced are not among them.</summary>
    public IReadOnlyList<DiscordMessage> Messages
    {
        get
        {
            lock (State)
            {
                return [.. _messages.Where(m => !m.IsLoading)];
            }
        }
    }

    /// <summary>Channels in which the bot has no rights: <c>403</c>, code 50001.</summary>
    public HashSet<string> Forbidden { get; } = [];

    public JsonArray? Commands { get; private set; }

    public static async Task<DiscordStandIn> StartAsync()
    {
        var discord = new DiscordStandIn();
        await discord.ListenAsync();
        return discord;
    }

    /// <summary>The hex value of <c>X-Signature-Ed25519</c>.</summary>
    public static string Sign(string body, string timestamp) => Convert.ToHexStringLower(
        SignatureAlgorithm.Ed25519.Sign(SigningKey, Encoding.UTF8.GetBytes(timestamp + body)));

    /// <summary>An interaction that was answered with type 5: its message is announced.</summary>
    public void Defer(string token, string channel)
    {
        lock (State)
        {
            var original = new DiscordMessage(NextId(), channel, "", null, null, null, IsLoading: true, IsFollowUp: false);
            _messages.Add(original);
            _interactions[token] = new(channel, original.Id);
        }
    }

    /// <summary>The 15 minutes of an interaction are over.</summary>
    public void Expire(string token)
    {
        lock (State)
        {
            _interactions[token] = _interactions[token] with { IsExpired = true };
        }
    }

    /// <returns>The address that an interaction names.</returns>
    public string AddFile(string name, byte[] content)
    {
        lock (State)
        {
            _files[name] = content;
        }

        return $"{Origin}/attachments/1/2/{name}";
    }

    protected override string OperationOf(HttpRequest request) => request.Path.Value!.Split('/') switch
    {
        [_, "attachments", ..] => "attachment",
        [_, "api", _, "webhooks", _, _, "messages", "@original"] => request.Method == "PATCH" ? "editOriginal" : "getOriginal",
        [_, "api", _, "webhooks", _, _] => "followUp",
        [_, "api", _, "channels", _, "messages"] => request.Method == "POST" ? "createMessage" : "getMessages",
        [_, "api", _, "channels", _, "messages", _] => "editMessage",
        [_, "api", _, "channels", _, "typing"] => "typing",
        [_, "api", _, "applications", _, "commands"] => "commands",
        [_, "api", _, "users", "@me"] => "me",
        _ => "",
    };

    private protected override string? ChatOf(PlatformCall call) =>
        call.Path.Split('/') is [_, _, _, "channels", var channel, ..] ? channel : null;

    protected override PlatformAnswer TooManyRequests(double retryAfterSeconds) => new(
        429,
        new JsonObject { ["message"] = "You are being rate limited.", ["retry_after"] = retryAfterSeconds, ["global"] = false },
        [
            ("Retry-After", Math.Ceiling(retryAfterSeconds).ToString(CultureInfo.InvariantCulture)),
            .. Buckets(0, retryAfterSeconds), ("X-RateLimit-Scope", "user"),
        ]);

    protected override PlatformAnswer ServerError(int status) => new(status, new JsonObject { ["message"] = "Server Error", ["code"] = 0 });

    private protected override PlatformAnswer Answer(PlatformCall call)
    {
        if (call.Operation == "attachment")
        {
            return call.Authorization is null && _files.TryGetValue(call.Path.Split('/')[^1], out var file)
                ? new(200, null, Bytes: file, ContentType: "application/octet-stream") : Refuse(403, 50001, "Missing Access");
        }

        if (!(call.Headers.GetValueOrDefault("User-Agent") ?? "").StartsWith("DiscordBot (", StringComparison.Ordinal))
        {
            return Refuse(403, 40333, "internal network error"); // what the proxy in front says
        }

        var path = call.Path.Split('/');
        return call.Operation switch
        {
            "" => Refuse(404, 0, "404: Not Found"),
            "editOriginal" or "getOriginal" or "followUp" => OfInteraction(call, path[4], path[5]),
            _ when call.Authorization != "Bot " + Token => Refuse(401, 0, "401: Unauthorized"),
            "me" => new(200, new JsonObject { ["id"] = ApplicationId, ["username"] = "OpenClaw", ["bot"] = true }),
            "commands" => SetCommands(call),
            _ when Forbidden.Contains(path[4]) => Refuse(403, 50001, "Missing Access"),
            "typing" => new(204, null),
            "createMessage" => Create(call, path[4]),
            "getMessages" => new(200, new JsonArray(
                [.. _messages.Where(m => m.Channel == path[4] && !m.IsLoading).Reverse().Take(50).Select(m => Describe(m))])),
            _ => Edit(call, path[6]),
        };
    }

    private PlatformAnswer OfInteraction(PlatformCall call, string application, string token)
    {
        if (application != ApplicationId || !_interactions.TryGetValue(token, out var interaction))
        {
            return Refuse(404, 10015, "Unknown Webhook");
        }

        return interaction.IsExpired ? Refuse(401, 50027, "Invalid Webhook Token")
            : call.Operation == "getOriginal" ? new(200, Describe(_messages.Single(m => m.Id == interaction.Original)))
            : call.Operation == "editOriginal" ? Edit(call, interaction.Original)
            : Check(call) ?? Deliver(call, interaction.Channel, isFollowUp: true);
    }

    private PlatformAnswer Create(PlatformCall call, string channel)
    {
        if (Check(call) is { } refusal)
        {
            return refusal;
        }

        if (call["nonce"] is { } nonce && call.Flag("enforce_nonce") && _nonces.TryGetValue(nonce, out var earlier))
        {
            return new(200, Describe(_messages.Single(m => m.Id == earlier)), Buckets(4, 5));
        }

        var answer = Deliver(call, channel, isFollowUp: false);
        if (call["nonce"] is { } used)
        {
            _nonces[used] = _messages[^1].Id;
        }

        return answer;
    }

    private PlatformAnswer Edit(PlatformCall call, string id)
    {
        var at = _messages.FindIndex(m => m.Id == id);
        if ((at < 0 ? Refuse(404, 10008, "Unknown Message") : Check(call)) is { } refusal)
        {
            return refusal;
        }

        _messages[at] = _messages[at] with
        {
            Content = call["content"] ?? "",
            AllowedMentions = call.Json("allowed_mentions")?.ToJsonString(),
            IsLoading = false,
            File = call.Uploads.Count > 0 ? call.Uploads[0] : _messages[at].File,
        };
        return new(200, Describe(_messages[at]), Buckets(4, 1));
    }

    private PlatformAnswer Deliver(PlatformCall call, string channel, bool isFollowUp)
    {
        _messages.Add(new(
            NextId(), channel, call["content"] ?? "", call.Json("allowed_mentions")?.ToJsonString(), call["nonce"],
            call.Uploads.Count > 0 ? call.Uploads[0] : null, IsLoading: false, isFollowUp));
        return new(200, Describe(_messages[^1]), Buckets(4, 5));
    }

    private PlatformAnswer SetCommands(PlatformCall call)
    {
        if (call.Method == "PUT")
        {
            Commands = JsonNode.Parse(call.Body) as JsonArray;
        }

        return Commands is null ? Refuse(400, 50035, "Invalid Form Body") : new(200, Commands.DeepClone());
    }

    private static PlatformAnswer? Check(PlatformCall call)
    {
        var content = call["content"] ?? "";
        return content.EnumerateRunes().Count() > MaxContent || call["nonce"] is { Length: > 25 }
            ? Refuse(400, 50035, "Invalid Form Body") : string.IsNullOrWhiteSpace(content) && call.Uploads.Count == 0
            ? Refuse(400, 50006, "Cannot send an empty message") : null;
    }

    private string NextId() => (++_last).ToString(CultureInfo.InvariantCulture);

    private static (string Name, string Value)[] Buckets(int remaining, double resetAfterSeconds) =>
    [
        ("X-RateLimit-Limit", "5"),
        ("X-RateLimit-Remaining", remaining.ToString(CultureInfo.InvariantCulture)),
        ("X-RateLimit-Reset-After", resetAfterSeconds.ToString(CultureInfo.InvariantCulture)),
        ("X-RateLimit-Bucket", "stand-in"),
    ];

    private static JsonObject Describe(DiscordMessage message) => new()
    {
        ["id"] = message.Id,
        ["channel_id"] = message.Channel,
        ["content"] = message.Content,
        ["nonce"] = message.Nonce,
        ["author"] = new JsonObject { ["id"] = ApplicationId, ["bot"] = true },
        ["type"] = 0,
    };

    private static PlatformAnswer Refuse(int status, int code, string message) =>
        new(status, new JsonObject { ["message"] = message, ["code"] = code });

    private sealed record DiscordInteraction(string Channel, string Original, bool IsExpired = false);
}

/// <summary>A message that was delivered.</summary>
/// <param name="AllowedMentions">JSON as it was sent.</param>
/// <param name="IsFollowUp">It was sent with the token of an interaction, after its first answer.</param>
public sealed record DiscordMessage(
    string Id, string Channel, string Content, string? AllowedMentions, string? Nonce, PlatformUpload? File, bool IsLoading,
    bool IsFollowUp);
