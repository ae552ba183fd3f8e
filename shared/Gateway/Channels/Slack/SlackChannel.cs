using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration.Channels;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Files;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Gateway.Channels.Text;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Channels.Slack;

/// <summary>Slack, by its Events API, slash commands and shortcuts, all on one path. It signs with the app's secret.</summary>
internal sealed class SlackChannel(SlackApi api, SlackReplies replies, ChannelHttp http, TimeProvider time) : Channel
{
    /// <summary>How far the time of a signed call may be from ours.</summary>
    private static readonly TimeSpan SignatureAge = TimeSpan.FromSeconds(300);

    public override string Id => "slack";

    public override string Name => "Slack";

    /// <summary>Slack waits for 3 s.</summary>
    public override TimeSpan? AckLimit => TimeSpan.FromMilliseconds(2500);

    public override bool GroupsListSenders => false;

    public override bool MayBeFrom(ChannelAccount account, WebhookCall call) =>
        call.Header("X-Slack-Signature") is ['v', '0', '=', ..] && call.Header("X-Slack-Request-Timestamp") is { } stamp
            && long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(call.Now.ToUnixTimeSeconds() - seconds) <= SignatureAge.TotalSeconds;

    public override bool IsFrom(ChannelAccount account, WebhookCall call)
    {
        var secret = Encoding.UTF8.GetBytes(account.As<SlackSection>().SigningSecret!);
        using var signing = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        signing.AppendData(Encoding.UTF8.GetBytes($"v0:{call.Header("X-Slack-Request-Timestamp")}:"));
        signing.AppendData(call.Body.Span);
        return new Secret("v0=" + Convert.ToHexStringLower(signing.GetHashAndReset())).Matches(call.Header("X-Slack-Signature"));
    }

    public override async ValueTask<InboundCall> ParseAsync(
        ChannelAccount account, WebhookCall call, CancellationToken cancellationToken)
    {
        if (call.Request.HasFormContentType)
        {
            return SlackInbound.ReadForm(call.Body.Span, call.Now) is { } asked ? new InboundCall([asked]) : InboundCall.Nothing;
        }

        var envelope = JsonBody.Parse(call.Body.Span, SlackJson.Default.SlackEnvelope);
        if (envelope is { Type: "url_verification", Challenge: { } challenge })
        {
            return InboundCall.Nothing with
            {
                Answer = Results.Json(new SlackChallenge(challenge), SlackJson.Default.SlackChallenge),
            };
        }

        if (envelope is not { Type: "event_callback", Event.Type: "message" or "app_mention" })
        {
            return InboundCall.Nothing;
        }

        var bot = envelope.Authorizations?.FirstOrDefault(a => a is { IsBot: true, UserId: not null })?.UserId
            ?? await FindUserAsync(account, cancellationToken);
        return SlackInbound.ReadEvent(envelope, bot) is { } message ? new InboundCall([message]) : InboundCall.Nothing;
    }

    /// <summary>Only to the person, and only for commands: a message that is not for the agent stays without an answer.</summary>
    public override IResult? AnswerRefused(InboundMessage message, Refusal refusal) =>
        !message.To.More.ContainsKey(SlackInbound.ResponseUrl) ? null : Results.Json(
            new SlackResponse("ephemeral", RefusalText.Of(refusal)), SlackJson.Default.SlackResponse);

    /// <summary>Slack takes about one message a second in a channel, and fifty edits a minute.</summary>
    public override TimeSpan? DraftInterval(ChannelAccount account, ChatAddress to) =>
        account.As<SlackSection>().Streaming == "off" ? null : TimeSpan.FromSeconds(3);

    public override Task<string?> ShowDraftAsync(
        ChannelAccount account, ChatAddress to, string? draft, string markdown, CancellationToken cancellationToken) =>
        ChannelText.Read(markdown, SlackMrkdwn.Instance).Split(new TextLimits(SlackReplies.MaxEdit)) is not [var part, ..]
            ? Task.FromResult<string?>(null) : replies.ShowAsync(account.As<SlackSection>(), to, draft, part.Text, cancellationToken);

    public override IReadOnlyList<OutboundPart> Render(ChannelAccount account, string markdown, Func<string, bool> isOwnFile)
    {
        var text = ChannelText.Read(markdown, SlackMrkdwn.Instance, isOwnFile);
        var length = Math.Min(account.Section.TextChunkLimit ?? text.Dialect.DefaultLimits.MaxLength, SlackReplies.MaxText);
        return text.ToMessages(new TextLimits(length));
    }

    public override async Task<SendOutcome> SendAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        await replies.SendAsync(part, delivery, cancellationToken);
        return new SendOutcome.Sent();
    }

    /// <exception cref="GatewayException"><c>503</c>: Slack does not say, which may pass.</exception>
    public override async Task<bool?> FindSentAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await replies.FindAsync(part, delivery, cancellationToken);
            }
            catch (SlackException refused) when (refused.Outcome is SendOutcome.Refused)
            {
                return null;
            }
            catch (SlackException) when (tries == 3)
            {
                throw new GatewayException(GatewayError.Unavailable(
                    ErrorCode.UpstreamUnavailable, "Slack does not say whether a message has arrived."));
            }
            catch (SlackException failure)
            {
                await Task.Delay((failure.Outcome as SendOutcome.Later)?.After ?? TimeSpan.FromSeconds(1), time, cancellationToken);
            }
        }
    }

    public override Task<InboundContent?> DownloadAsync(
        ChannelAccount account, InboundFile file, CancellationToken cancellationToken)
    {
        var section = account.As<SlackSection>();
        return SlackApi.IsOwn(section, file.Id, SlackApi.Files, out var address)
            ? PlatformFile.ReadAsync(http, address, section.BotToken, section.MediaMaxMb * 1_048_576L, file, time, cancellationToken)
            : Task.FromResult<InboundContent?>(null);
    }

    private async Task<string> FindUserAsync(ChannelAccount account, CancellationToken cancellationToken)
    {
        try
        {
            return await api.FindUserAsync(account.As<SlackSection>(), cancellationToken);
        }
        catch (SlackException)
        {
            throw new GatewayException(GatewayError.Unavailable(
                ErrorCode.UpstreamUnavailable, "The app's own user is not known yet: Slack does not answer."));
        }
    }
}
