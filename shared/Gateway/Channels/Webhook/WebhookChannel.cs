using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Security.Signatures;

namespace OpenClaw.Gateway.Channels.Webhook;

/// <summary>A receiver of the operator's own: each message is a POST, signed as Standard Webhooks says. Nothing comes in by it. The same
/// message has the same id on each try, by which the receiver knows what it has.</summary>
internal sealed class WebhookChannel(ChannelHttp http, GatewayConfigStore config, TimeProvider time) : Channel
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(5);

    public override string Id => "webhook";

    public override string Name => "Webhook";

    /// <summary>The receiver knows what it means: it is passed on in the body.</summary>
    public override ChatAddress? AddressOf(string to) =>
        to.Length is > 0 and <= 256 && !to.Any(char.IsControl) ? new ChatAddress(to) : null;

    public override IReadOnlyList<string> Methods => [];

    public override bool MayBeFrom(ChannelAccount account, WebhookCall call) => false;

    public override ValueTask<InboundCall> ParseAsync(
        ChannelAccount account, WebhookCall call, CancellationToken cancellationToken) => new(InboundCall.Nothing);

    public override IReadOnlyList<OutboundPart> Render(ChannelAccount account, string markdown, Func<string, bool> isOwnFile) =>
        markdown.Length == 0 ? [] : [new OutboundPart(markdown, markdown)];

    public override async Task<SendOutcome> SendAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        var section = delivery.Account.As<WebhookSection>();
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(config.Current.Gateway.Webhooks.Timeout), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = Sign(section, part, delivery);
        try
        {
            using var answer = await http.For(request.RequestUri!).SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return OutcomeOf(answer);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return ChannelHttp.WasNotSent(failure) ? new SendOutcome.Failed("the receiver could not be reached")
                : new SendOutcome.Unanswered("the receiver did not answer");
        }
    }

    /// <summary>The receiver knows by the message's id whether it has it, so that it is sent again.</summary>
    public override Task<bool?> FindSentAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken) =>
        Task.FromResult<bool?>(false);

    private HttpRequestMessage Sign(WebhookSection section, OutboundPart part, Delivery delivery)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new WebhookMessage("message", Id, delivery.Account.Id, delivery.To.Chat, part.Text, delivery.AskedAt),
            WebhookJson.Default.WebhookMessage);
        var (id, now) = (string.Create(CultureInfo.InvariantCulture, $"msg_{delivery.ReplyId}_{delivery.Index}"), time.GetUtcNow());
        var request = new HttpRequestMessage(HttpMethod.Post, section.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        foreach (var (name, value) in section.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        (string Name, string Value)[] signature =
        [
            (StandardWebhook.IdHeader, id),
            (StandardWebhook.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            (StandardWebhook.SignatureHeader, new StandardWebhook(section.Secret!).Sign(id, now, body)),
        ];
        foreach (var (name, value) in signature)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static SendOutcome OutcomeOf(HttpResponseMessage answer) => (int)answer.StatusCode switch
    {
        < 300 => new SendOutcome.Sent(),
        429 => new SendOutcome.Later(answer.Headers.RetryAfter?.Delta ?? DefaultPause),
        >= 500 and var status => new SendOutcome.Failed($"the receiver answered {status}"),
        var status => new SendOutcome.Refused($"the receiver answered {status}"),
    };
}
