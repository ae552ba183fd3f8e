using System.Text.RegularExpressions;
using OpenClaw.Configuration.Channels;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>channels</c> section. An account has the keys of its channel; what it leaves out it takes from there.</summary>
internal static partial class ChannelsBinding
{
    private const string Everybody = "*";

    private static readonly TextForm AccountId = new(
        "1 to 64 letters, digits, '-' and '_'", text => AccountPattern().IsMatch(text));

    private static readonly TextForm WebhookPath = new(
        "a path such as '/telegram-webhook' of letters, digits, '-', '_', '.' and '/'", text => PathPattern().IsMatch(text));

    private static readonly TextForm TelegramToken = new(
        "a bot token as BotFather gives it: digits, ':' and the rest", text => TelegramTokenPattern().IsMatch(text));

    private static readonly TextForm TelegramSecret = new(
        "1 to 256 letters, digits, '_' and '-'", text => TelegramSecretPattern().IsMatch(text));

    private static readonly TextForm NumericId = new(
        "an id of digits, '*' for everybody; names can be changed by their owners and are not taken",
        text => text == Everybody || NumberPattern().IsMatch(text));

    private static readonly TextForm PhoneNumber = new(
        "a phone number with its country code, such as '+15551234567', or '*' for everybody",
        text => text == Everybody || PhonePattern().IsMatch(text));

    private static readonly TextForm SlackId = new(
        "an id such as 'U0123ABC', '*' for everybody; names can be changed by their owners and are not taken",
        text => text == Everybody || SlackPattern().IsMatch(text));

    private static readonly TextForm AnyId = new(
        "an id that the receiver knows, or '*'", text => !string.IsNullOrWhiteSpace(text) && !text.StartsWith('@'));

    private static readonly TextForm PublicKey = new("64 hex digits", text => HexKeyPattern().IsMatch(text));

    private static readonly TextForm SigningSecret = new(
        "'whsec_' and the base64 of 24 to 64 bytes", text => text.StartsWith("whsec_", StringComparison.Ordinal)
            && Convert.TryFromBase64String(text["whsec_".Length..], new byte[96], out var length) && length is >= 24 and <= 64);

    public static ChannelsSection Read(SectionReader reader) => new()
    {
        Telegram = Channel<TelegramSection>(reader, "telegram", Telegram),
        Slack = Channel<SlackSection>(reader, "slack", Slack),
        Discord = Channel<DiscordSection>(reader, "discord", Discord),
        WhatsApp = Channel<WhatsAppSection>(reader, "whatsapp", WhatsApp),
        Webhook = Channel<WebhookSection>(reader, "webhook", Webhook),
    };

    public static WebhooksSection Webhooks(SectionReader reader)
    {
        var section = new WebhooksSection();
        section.VerifySignature = reader.Flag("verifySignature", section.VerifySignature);
        section.DangerouslySkipVerification = reader.Flag("dangerouslySkipVerification", section.DangerouslySkipVerification);
        section.Timeout = reader.Whole("timeout", section.Timeout, 100, 60_000);
        section.RetryOnFailure = reader.Flag("retryOnFailure", section.RetryOnFailure);
        if (section is { VerifySignature: false, DangerouslySkipVerification: false })
        {
            reader.Error("verifySignature", "is false, which lets anybody speak for any platform; "
                + "if you mean that, set gateway.webhooks.dangerouslySkipVerification to true beside it");
        }
        else if (!section.VerifySignature)
        {
            reader.Warn("verifySignature", "is false: anybody who reaches the webhooks can speak for anybody");
        }

        return section;
    }

    public static BindingSection Binding(SectionReader reader)
    {
        if (!reader.Has("agentId"))
        {
            reader.Error("agentId", "is missing");
        }

        return new BindingSection
        {
            AgentId = reader.Text("agentId", TextForm.AgentId) ?? "",
            Match = reader.Section("match", Match),
        };
    }

    private static BindingMatchSection Match(SectionReader reader) => new()
    {
        Channel = reader.Text("channel", TextForm.NotBlank),
        AccountId = reader.Text("accountId", TextForm.NotBlank),
        Peer = reader.OptionalSection("peer", Peer),
        GuildId = reader.IdText("guildId", NumericId),
        TeamId = reader.IdText("teamId", SlackId),
    };

    private static BindingPeerSection Peer(SectionReader reader) => new(
        reader.Choice("kind", "direct", "dm", "group", "channel") switch { null or "dm" => "direct", var kind => kind },
        reader.IdText("id", TextForm.NotBlank) ?? "");

    /// <summary>Reads a channel and its accounts, and checks that what is switched on has its secrets.</summary>
    private static T? Channel<T>(SectionReader reader, string id, Func<SectionReader, T?, T> bind)
        where T : ChannelSection => reader.OptionalSection(id, channel =>
    {
        var section = bind(channel, null);
        var accounts = channel.Map("accounts", AccountId, account =>
        {
            var own = bind(account, section);
            RequireSecrets(account, own, section.Enabled);
            return (ChannelSection)own;
        });
        section.Accounts = accounts;
        if (accounts.Count == 0)
        {
            RequireSecrets(channel, section, isOn: true);
        }

        return section;
    });

    private static void RequireSecrets(SectionReader reader, ChannelSection section, bool isOn)
    {
        if (!isOn || !section.Enabled)
        {
            return;
        }

        foreach (var (key, value) in section.Required)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                reader.Error(key, "is missing; the channel is switched on and cannot work without it");
            }
        }
    }

    private static TelegramSection Telegram(SectionReader reader, TelegramSection? of)
    {
        var section = Common(reader, of, NumericId, "/telegram-webhook");
        section.BotToken = reader.Secret("botToken", TelegramToken) ?? of?.BotToken;
        section.WebhookSecret = reader.Secret("webhookSecret", TelegramSecret) ?? of?.WebhookSecret;
        section.ApiRoot = reader.Text("apiRoot", TextForm.BaseUrl)?.TrimEnd('/') ?? of?.ApiRoot ?? section.ApiRoot;
        section.Streaming = reader.Choice("streaming", "partial", "off") ?? of?.Streaming ?? section.Streaming;
        section.Groups = Groups(reader, "groups", NumericId, group => Group(group, NumericId, hasTopics: true), of);
        return section;
    }

    private static SlackSection Slack(SectionReader reader, SlackSection? of)
    {
        reader.Choice("mode", "http");
        var section = Common(reader, of, SlackId, "/slack/events");
        section.BotToken = reader.Secret("botToken") ?? of?.BotToken;
        section.SigningSecret = reader.Secret("signingSecret") ?? of?.SigningSecret;
        section.Streaming = reader.Choice("streaming", "partial", "off") ?? of?.Streaming ?? section.Streaming;
        section.ApiUrl = reader.Text("apiUrl", TextForm.BaseUrl) is { } url ? url.TrimEnd('/') + "/" : of?.ApiUrl ?? section.ApiUrl;
        section.Groups = Groups(reader, "channels", SlackId, group => Group(group, SlackId), of);
        return section;
    }

    private static DiscordSection Discord(SectionReader reader, DiscordSection? of)
    {
        var section = Common(reader, of, NumericId, null);
        section.Token = reader.Secret("token") ?? of?.Token;
        section.ApplicationId = reader.IdText("applicationId", NumericId) ?? of?.ApplicationId;
        section.PublicKey = reader.Text("publicKey", PublicKey) ?? of?.PublicKey;
        section.ApiUrl = reader.Text("apiUrl", TextForm.BaseUrl)?.TrimEnd('/') ?? of?.ApiUrl ?? section.ApiUrl;
        section.Streaming = reader.Choice("streaming", "partial", "off") ?? of?.Streaming ?? section.Streaming;
        section.MaxLinesPerMessage = reader.Whole("maxLinesPerMessage", of?.MaxLinesPerMessage ?? section.MaxLinesPerMessage, 1, 2_000);
        section.Groups = Groups(reader, "guilds", NumericId, guild => Group(guild, NumericId, "users"), of);
        return section;
    }

    private static WhatsAppSection WhatsApp(SectionReader reader, WhatsAppSection? of)
    {
        var section = Common(reader, of, PhoneNumber, null);
        section.AllowFrom = [.. section.AllowFrom.Select(number => number.TrimStart('+'))]; // Meta writes them without
        section.AccessToken = reader.Secret("accessToken") ?? of?.AccessToken;
        section.PhoneNumberId = reader.IdText("phoneNumberId", NumericId) ?? of?.PhoneNumberId;
        section.AppSecret = reader.Secret("appSecret") ?? of?.AppSecret;
        section.VerifyToken = reader.Secret("verifyToken") ?? of?.VerifyToken;
        section.ApiUrl = reader.Text("apiUrl", TextForm.BaseUrl)?.TrimEnd('/') ?? of?.ApiUrl ?? section.ApiUrl;
        return section;
    }

    private static WebhookSection Webhook(SectionReader reader, WebhookSection? of)
    {
        var section = Common(reader, of, AnyId, null);
        section.Url = reader.Text("url", TextForm.HttpUrl) ?? of?.Url;
        section.Secret = reader.Secret("secret", SigningSecret) ?? of?.Secret;
        var headers = reader.Headers("headers");
        section.Headers = headers.Count > 0 ? headers : of?.Headers ?? section.Headers;
        return section;
    }

    private static T Common<T>(SectionReader reader, T? of, TextForm senders, string? webhookPath)
        where T : ChannelSection, new()
    {
        var section = new T();
        section.Enabled = reader.Flag("enabled", true);
        section.DmPolicy = reader.Choice("dmPolicy", "pairing", "allowlist", "open", "disabled") ?? of?.DmPolicy ?? section.DmPolicy;
        section.AllowFrom = reader.Ids("allowFrom", senders) ?? of?.AllowFrom ?? [];
        section.GroupPolicy = reader.Choice("groupPolicy", "allowlist", "open", "disabled") ?? of?.GroupPolicy ?? section.GroupPolicy;
        section.GroupAllowFrom = reader.Ids("groupAllowFrom", senders) ?? of?.GroupAllowFrom;
        section.TextChunkLimit = (int?)reader.OptionalWhole("textChunkLimit", 100, 40_000) ?? of?.TextChunkLimit;
        section.MediaMaxMb = reader.Whole("mediaMaxMb", of?.MediaMaxMb ?? section.MediaMaxMb, 1, 2_000);
        section.WebhookPath = of is not null ? of.WebhookPath
            : webhookPath is null ? null : reader.Text("webhookPath", WebhookPath) ?? webhookPath;
        if (section.DmPolicy == "open" && !section.AllowFrom.Contains(Everybody))
        {
            reader.Error("dmPolicy", "is 'open', which needs '*' in allowFrom: anybody may then spend the owner's tokens");
        }

        return section;
    }

    private static IReadOnlyDictionary<string, GroupSection>? Groups(
        SectionReader reader, string key, TextForm ids, Func<SectionReader, GroupSection> bind, ChannelSection? of)
    {
        var groups = reader.Map(key, ids, bind);
        return reader.Has(key) ? groups : of?.Groups;
    }

    private static GroupSection Group(SectionReader reader, TextForm form, string senders = "allowFrom", bool hasTopics = false) => new()
    {
        Enabled = reader.Flag("enabled", true),
        RequireMention = reader.Flag("requireMention", true),
        AllowFrom = reader.Ids(senders, form),
        Topics = hasTopics ? reader.Map("topics", NumericId, topic => Group(topic, form)) : [],
    };

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}\\z")]
    private static partial Regex AccountPattern();

    [GeneratedRegex("^/[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*\\z")]
    private static partial Regex PathPattern();

    [GeneratedRegex("^[0-9]{1,18}:[A-Za-z0-9_-]+\\z")]
    private static partial Regex TelegramTokenPattern();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,256}\\z")]
    private static partial Regex TelegramSecretPattern();

    [GeneratedRegex("^-?[0-9]{1,20}\\z")]
    private static partial Regex NumberPattern();

    [GeneratedRegex("^\\+?[0-9]{5,20}\\z")]
    private static partial Regex PhonePattern();

    [GeneratedRegex("^[A-Z][A-Z0-9]{1,30}\\z")]
    private static partial Regex SlackPattern();

    [GeneratedRegex("^[0-9A-Fa-f]{64}\\z")]
    private static partial Regex HexKeyPattern();
}
