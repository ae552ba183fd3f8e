using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Channels;

/// <summary>The chat platforms and other places where people reach the agents. A section is null when the document has none.</summary>
public sealed class ChannelsSection
{
    public TelegramSection? Telegram { get; set; }

    public SlackSection? Slack { get; set; }

    public DiscordSection? Discord { get; set; }

    public WhatsAppSection? WhatsApp { get; set; }

    public WebhookSection? Webhook { get; set; }

    /// <summary>The object as written; null when absent.</summary>
    public ConfigNode? Written { get; set; }

    /// <summary>The sections that the document has, by the id of their channel.</summary>
    public IEnumerable<KeyValuePair<string, ChannelSection>> All()
    {
        (string Id, ChannelSection? Section)[] known =
            [("telegram", Telegram), ("slack", Slack), ("discord", Discord), ("whatsapp", WhatsApp), ("webhook", Webhook)];
        foreach (var (id, section) in known)
        {
            if (section is not null)
            {
                yield return new(id, section);
            }
        }
    }

    /// <summary>The section of a channel; null when the document has none, or there is no such channel.</summary>
    public ChannelSection? Find(string id) => All().FirstOrDefault(entry => entry.Key == id).Value;
}

/// <summary>What all channels have in common.</summary>
public abstract class ChannelSection
{
    public bool Enabled { get; set; } = true;

    /// <summary>Who may write to the agent directly: <c>pairing</c> (who was approved), <c>allowlist</c>, <c>open</c> or
    /// <c>disabled</c>.</summary>
    public string DmPolicy { get; set; } = "pairing";

    /// <summary>Ids of senders; never names, which their owners can change. <c>*</c> is everybody.</summary>
    public IReadOnlyList<string> AllowFrom { get; set; } = [];

    /// <summary>Which groups the agent answers in: <c>allowlist</c> (those listed), <c>open</c> or <c>disabled</c>.</summary>
    public string GroupPolicy { get; set; } = "allowlist";

    /// <summary>Ids of senders in groups; null is <see cref="AllowFrom"/>.</summary>
    public IReadOnlyList<string>? GroupAllowFrom { get; set; }

    /// <summary>Characters of one message that the gateway sends; null is the platform's own limit.</summary>
    public int? TextChunkLimit { get; set; }

    /// <summary>Megabytes of one file, in both directions.</summary>
    public int MediaMaxMb { get; set; } = 20;

    /// <summary><c>partial</c>: a long answer is shown while it grows, by edits of one message; <c>off</c>: only when it is
    /// whole.</summary>
    public string Streaming { get; set; } = "partial";

    /// <summary>The path that the platform may call beside <c>/webhook/&lt;channel&gt;</c>; null for none.</summary>
    public string? WebhookPath { get; set; }

    /// <summary>The accounts by their id. A channel that names none has one, <c>default</c>, with the keys of the section itself.</summary>
    public IReadOnlyDictionary<string, ChannelSection> Accounts { get; set; } = new Dictionary<string, ChannelSection>();

    /// <summary>The groups by their id, as far as they are listed; <c>*</c> stands for those that are not. Null when the document names
    /// none.</summary>
    public IReadOnlyDictionary<string, GroupSection>? Groups { get; set; }

    /// <summary>The keys without which the channel cannot work, with their values.</summary>
    public abstract IEnumerable<(string Key, string? Value)> Required { get; }

    /// <summary>The account of an id; null when there is none.</summary>
    public ChannelSection? Account(string id) =>
        Accounts.Count == 0 ? id == DefaultAccount ? this : null : Accounts.GetValueOrDefault(id);

    /// <summary>The accounts that are switched on.</summary>
    public IEnumerable<KeyValuePair<string, ChannelSection>> EnabledAccounts() =>
        Accounts.Count == 0 ? [new(DefaultAccount, this)] : Accounts.Where(account => account.Value.Enabled);

    public const string DefaultAccount = "default";
}

/// <summary>A group, channel, room or guild.</summary>
public sealed class GroupSection
{
    public bool Enabled { get; set; } = true;

    /// <summary>Whether the agent answers only messages that mention it or reply to it.</summary>
    public bool RequireMention { get; set; } = true;

    /// <summary>Ids of senders; null is the channel's own list.</summary>
    public IReadOnlyList<string>? AllowFrom { get; set; }

    /// <summary>Telegram: the topics of the group by their id.</summary>
    public IReadOnlyDictionary<string, GroupSection> Topics { get; set; } = new Dictionary<string, GroupSection>();
}

public sealed class TelegramSection : ChannelSection
{
    public string? BotToken { get; set; }

    /// <summary>What Telegram sends in <c>X-Telegram-Bot-Api-Secret-Token</c>: 1 to 256 of <c>A–Z a–z 0–9 _ -</c>.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Root of the Bot API, without <c>/bot…</c>.</summary>
    public string ApiRoot { get; set; } = "https://api.telegram.org";

    public override IEnumerable<(string Key, string? Value)> Required => [("botToken", BotToken), ("webhookSecret", WebhookSecret)];
}

public sealed class SlackSection : ChannelSection
{
    public string? BotToken { get; set; }

    public string? SigningSecret { get; set; }

    /// <summary>Base of the Web API; ends with a slash.</summary>
    public string ApiUrl { get; set; } = "https://slack.com/api/";

    public override IEnumerable<(string Key, string? Value)> Required => [("botToken", BotToken), ("signingSecret", SigningSecret)];
}

public sealed class DiscordSection : ChannelSection
{
    public string? Token { get; set; }

    public string? ApplicationId { get; set; }

    /// <summary>Hex, 64 digits: signs the interactions.</summary>
    public string? PublicKey { get; set; }

    public string ApiUrl { get; set; } = "https://discord.com/api/v10";

    public int MaxLinesPerMessage { get; set; } = 17;

    public override IEnumerable<(string Key, string? Value)> Required =>
        [("token", Token), ("applicationId", ApplicationId), ("publicKey", PublicKey)];
}

/// <summary>WhatsApp by Meta's Cloud API.</summary>
public sealed class WhatsAppSection : ChannelSection
{
    public string? AccessToken { get; set; }

    public string? PhoneNumberId { get; set; }

    /// <summary>Signs what Meta sends.</summary>
    public string? AppSecret { get; set; }

    /// <summary>What Meta sends when the webhook is set up.</summary>
    public string? VerifyToken { get; set; }

    public string ApiUrl { get; set; } = "https://graph.facebook.com/v23.0";

    public override IEnumerable<(string Key, string? Value)> Required =>
        [("accessToken", AccessToken), ("phoneNumberId", PhoneNumberId), ("appSecret", AppSecret), ("verifyToken", VerifyToken)];
}

/// <summary>A receiver of what the gateway has to say, by HTTP; nothing comes in by it.</summary>
public sealed class WebhookSection : ChannelSection
{
    public string? Url { get; set; }

    /// <summary><c>whsec_</c> and base64, as Standard Webhooks has it.</summary>
    public string? Secret { get; set; }

    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    public override IEnumerable<(string Key, string? Value)> Required => [("url", Url), ("secret", Secret)];
}
