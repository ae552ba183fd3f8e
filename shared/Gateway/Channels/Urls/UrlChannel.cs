using System.Text;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Outbound;
using OpenClaw.Runs.Durable;
using OpenClaw.Security.Signatures;

namespace OpenClaw.Gateway.Channels.Urls;

/// <summary>Delivers results to URLs that callers of hooks and makers of jobs name: one POST of JSON, the same on every attempt. It has
/// no section of the configuration, and nothing comes in by it. Its accounts are the uses of URLs.</summary>
internal sealed class UrlChannel(GuardedFetcher fetcher, GatewayConfigStore config, TimeProvider time) : Channel
{
    public const string ChannelId = "url";

    private const string MessagePrefix = "msg_";

    public override string Id => ChannelId;

    public override string Name => "URLs";

    public override bool HasSection => false;

    public override IReadOnlyList<string> Methods => [];

    /// <summary>What a call may do. Redirects are not followed: the body would not go with them.</summary>
    public static FetchPolicy PolicyOf(UrlUse use, GatewayConfig config) => new()
    {
        PrivateHosts = use == UrlUse.HookCallback ? config.Hooks.CallbackAllowedHostnames : config.Cron.WebhookAllowedHostnames,
        MaxRedirects = 0,
        MaxBytes = 64 * 1024,
        Timeout = TimeSpan.FromSeconds(30),
        HeaderTimeout = TimeSpan.FromSeconds(20),
    };

    public static string AccountOf(UrlUse use) => use == UrlUse.HookCallback ? "hook" : "job";

    public override ChannelAccount? AccountWithoutSection(string id) =>
        id is "hook" or "job" ? new ChannelAccount(ChannelId, id, new NoSection()) : null;

    public override bool MayBeFrom(ChannelAccount account, WebhookCall call) => false;

    public override ValueTask<InboundCall> ParseAsync(ChannelAccount account, WebhookCall call, CancellationToken cancellationToken) =>
        ValueTask.FromResult(InboundCall.Nothing);

    public override IReadOnlyList<OutboundPart> Render(ChannelAccount account, string markdown, Func<string, bool> isOwnFile) =>
        [new OutboundPart(markdown, markdown)];

    public override async Task<SendOutcome> SendAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        var use = delivery.Account.Id == AccountOf(UrlUse.HookCallback) ? UrlUse.HookCallback : UrlUse.JobWebhook;
        var body = Encoding.UTF8.GetBytes(part.Text);
        if (HeadersOf(use, delivery, body) is not { } headers)
        {
            return new SendOutcome.Refused("hooks.callbackSecret is not set any more");
        }

        try
        {
            var answer = await fetcher.SendAsync(
                HttpMethod.Post, delivery.To.Chat, headers, body, PolicyOf(use, config.Current), cancellationToken);
            return answer.Status switch
            {
                >= 200 and < 300 => new SendOutcome.Sent(),
                408 or 425 or 429 or >= 500 => new SendOutcome.Failed($"it answers {answer.Status}"),
                _ => new SendOutcome.Refused($"it answers {answer.Status}"),
            };
        }
        catch (FetchException failure)
        {
            // No answer counts as a failure: receivers know a repeated message by its id.
            return failure.Failure == FetchFailure.InvalidUrl ? new SendOutcome.Refused("the URL may not be called")
                : new SendOutcome.Failed("it gives no answer");
        }
    }

    /// <returns>Null when a secret is missing.</returns>
    private Dictionary<string, string>? HeadersOf(UrlUse use, Delivery delivery, byte[] body)
    {
        var id = MessagePrefix + delivery.ReplyId.Replace('~', '_');
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/json", [StandardWebhook.IdHeader] = id };
        if (use == UrlUse.JobWebhook)
        {
            if (config.Current.Cron.WebhookToken is { } token)
            {
                headers["Authorization"] = "Bearer " + token;
            }

            return headers;
        }

        if (config.Current.Hooks.CallbackSecret is not { } secret || !StandardWebhook.IsSecret(secret))
        {
            return null;
        }

        var now = time.GetUtcNow();
        headers[StandardWebhook.TimestampHeader] = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers[StandardWebhook.SignatureHeader] = new StandardWebhook(secret).Sign(id, now, body);
        return headers;
    }

    private sealed class NoSection : ChannelSection
    {
        public override IEnumerable<(string Key, string? Value)> Required => [];
    }
}
