using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration.Channels;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Files;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Gateway.Channels.Text;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;
using OpenClaw.Security.Signatures;

namespace OpenClaw.Gateway.Channels.WhatsApp;

/// <summary>WhatsApp, by Meta's Cloud API: direct messages to one business number. Meta signs with the app's secret, and asks once for the
/// verify token.</summary>
internal sealed class WhatsAppChannel(WhatsAppApi api, ChannelHttp http, TimeProvider time) : Channel
{
    private const int MaxLength = 4096;

    /// <summary>Bytes of a picture that is shown as one; a larger one goes as a document.</summary>
    private const int MaxImageBytes = 5 * 1024 * 1024;

    private const int MaxPlayedBytes = 16 * 1024 * 1024;

    public override string Id => "whatsapp";

    public override string Name => "WhatsApp";

    public override IReadOnlyList<string> Methods => [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post];

    /// <summary>Meta's deliveries have up to 3 MB.</summary>
    public override int MaxBodyBytes => 3 * 1024 * 1024;

    /// <summary>The sign of typing is shown for 25 s.</summary>
    public override TimeSpan? TypingInterval => TimeSpan.FromSeconds(20);

    public override bool MayBeFrom(ChannelAccount account, WebhookCall call) => IsSetUp(call)
        ? IsAsked(account, call) : SignatureOf(account).MayBeSigned(HeadersOf(call), call.Now);

    public override bool IsFrom(ChannelAccount account, WebhookCall call) =>
        IsSetUp(call) || SignatureOf(account).Verify(HeadersOf(call), call.Body.Span, call.Now) is not null;

    public override GatewayError Unproven(WebhookCall call) =>
        IsSetUp(call) ? GatewayError.Forbidden("The verify token does not fit.") : base.Unproven(call);

    public override ValueTask<InboundCall> ParseAsync(ChannelAccount account, WebhookCall call, CancellationToken cancellationToken)
    {
        if (IsSetUp(call))
        {
            return IsAsked(account, call)
                ? new(InboundCall.Nothing with { Answer = Results.Text(call.Request.Query["hub.challenge"].ToString()) })
                : throw new GatewayException(Unproven(call));
        }

        var delivery = JsonBody.Parse(call.Body.Span, WhatsAppJson.Default.WhatsAppDelivery);
        return new(new InboundCall(WhatsAppInbound.Read(delivery, account.As<WhatsAppSection>().PhoneNumberId!, call.Now)));
    }

    /// <summary>Also marks the person's message as read, which WhatsApp does in the same call.</summary>
    public override Task ShowTypingAsync(ChannelAccount account, ChatAddress to, CancellationToken cancellationToken) => api.SendAsync(
        account.As<WhatsAppSection>(),
        new WhatsAppRequest
        {
            Status = "read",
            MessageId = to.More[WhatsAppInbound.MessageId],
            TypingIndicator = new WhatsAppTyping("text"),
        },
        cancellationToken);

    public override IReadOnlyList<OutboundPart> Render(ChannelAccount account, string markdown, Func<string, bool> isOwnFile)
    {
        var text = ChannelText.Read(markdown, WhatsAppText.Instance, isOwnFile);
        return text.ToMessages(new TextLimits(Math.Min(account.Section.TextChunkLimit ?? MaxLength, MaxLength)));
    }

    public override async Task<SendOutcome> SendAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        var section = delivery.Account.As<WhatsAppSection>();
        var message = part.Media is not null && delivery.File is { } file
            ? ShowingFile(file, await api.UploadAsync(section, file, cancellationToken), delivery.To.Chat)
            : new WhatsAppRequest(delivery.To.Chat)
            {
                Type = "text",
                Text = new WhatsAppBody(part.Media is null ? part.Text : OutboundFile.Missing),
            };
        await api.SendAsync(section, message, cancellationToken);
        return new SendOutcome.Sent();
    }

    public override async Task<InboundContent?> DownloadAsync(
        ChannelAccount account, InboundFile file, CancellationToken cancellationToken)
    {
        var section = account.As<WhatsAppSection>();
        try
        {
            var found = await api.FindAsync(section, file.Id, cancellationToken);
            return WhatsAppApi.IsOwn(section, found.Url, out var address)
                ? await PlatformFile.ReadAsync(
                    http, address, section.AccessToken, section.MediaMaxMb * 1_048_576L, file, time, cancellationToken) : null;
        }
        catch (SendException)
        {
            return null;
        }
    }

    private static WhatsAppRequest ShowingFile(OutboundFile file, string id, string to)
    {
        var (request, upload) = (new WhatsAppRequest(to), new WhatsAppUpload(id));
        return file.MediaType switch
        {
            "image/jpeg" or "image/png" when file.Bytes.Length <= MaxImageBytes => request with { Type = "image", Image = upload },
            "video/mp4" or "video/3gpp" when file.Bytes.Length <= MaxPlayedBytes => request with { Type = "video", Video = upload },
            "audio/aac" or "audio/mp4" or "audio/mpeg" or "audio/amr" or "audio/ogg" when file.Bytes.Length <= MaxPlayedBytes =>
                request with { Type = "audio", Audio = upload },
            _ => request with { Type = "document", Document = upload with { Filename = file.Name } },
        };
    }

    /// <summary>Whether Meta checks a webhook that somebody enters: by GET, and without a signature.</summary>
    private static bool IsSetUp(WebhookCall call) => !HttpMethods.IsPost(call.Request.Method);

    private static bool IsAsked(ChannelAccount account, WebhookCall call) => call.Request.Query is var query
        && query["hub.mode"] is ["subscribe"] && query["hub.challenge"] is [{ Length: > 0 and <= 1024 }]
        && query["hub.verify_token"] is [{ } shown]
        && Secret.From(account.As<WhatsAppSection>().VerifyToken)?.Matches(shown) == true;

    /// <summary>Meta signs as GitHub does, in the same header.</summary>
    private static GitHubSignature SignatureOf(ChannelAccount account) => new(account.As<WhatsAppSection>().AppSecret!);

    private static EventHeaders HeadersOf(WebhookCall call) => new(name => call.Request.Headers[name]);
}
