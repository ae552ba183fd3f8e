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

namespace OpenClaw.Gateway.Channels.Discord;

/// <summary>Discord, by interactions over HTTP: commands, since plain messages never come this way. The application's key signs
/// them.</summary>
internal sealed class DiscordChannel(DiscordReplies replies, ChannelHttp http, TimeProvider time) : Channel
{
    /// <summary>Characters of a message.</summary>
    private const int MaxLength = 2000;

    /// <summary>Hex digits of a signature.</summary>
    private const int SignatureDigits = 2 * Ed25519.SignatureLength;

    public override string Id => "discord";

    public override string Name => "Discord";

    /// <summary>Discord waits for 3 s.</summary>
    public override TimeSpan? AckLimit => TimeSpan.FromMilliseconds(2500);

    public override bool GroupsListSenders => false;

    public override bool MayBeFrom(ChannelAccount account, WebhookCall call) =>
        call.Header("X-Signature-Timestamp") is { Length: <= 20 }
        && call.Header("X-Signature-Ed25519") is { Length: SignatureDigits } signature && signature.All(char.IsAsciiHexDigit);

    public override bool IsFrom(ChannelAccount account, WebhookCall call)
    {
        var stamp = Encoding.UTF8.GetBytes(call.Header("X-Signature-Timestamp")!);
        var signed = new byte[stamp.Length + call.Body.Length];
        stamp.CopyTo(signed, 0);
        call.Body.CopyTo(signed.AsMemory(stamp.Length));
        return Ed25519.IsSigned(
            Convert.FromHexString(account.As<DiscordSection>().PublicKey!), signed,
            Convert.FromHexString(call.Header("X-Signature-Ed25519")!));
    }

    public override ValueTask<InboundCall> ParseAsync(ChannelAccount account, WebhookCall call, CancellationToken cancellationToken)
    {
        var interaction = JsonBody.Parse(call.Body.Span, DiscordJson.Default.DiscordInteraction);
        var isPing = interaction.Type == DiscordInteraction.Ping;
        if (interaction.ApplicationId != account.As<DiscordSection>().ApplicationId && !(isPing && interaction.ApplicationId is null))
        {
            throw new GatewayException(GatewayError.Unauthorized("The interaction is for another application."));
        }

        if (interaction.Type != DiscordInteraction.Command)
        {
            return new(InboundCall.Nothing with
            {
                Answer = Answer(interaction.Type switch
                {
                    DiscordInteraction.Ping => new DiscordReply(1),
                    DiscordInteraction.Component => new DiscordReply(6),
                    DiscordInteraction.Autocomplete => new DiscordReply(8, new DiscordReplyData { Choices = [], AllowedMentions = null }),
                    _ => DiscordReply.Privately("I do not know this dialog."),
                }),
            });
        }

        return new(DiscordInbound.Read(interaction) is { } message
            ? new InboundCall([message]) { Answer = Answer(new DiscordReply(5)) }
            : InboundCall.Nothing with { Answer = Answer(DiscordReply.Privately("Write a message, or attach a file.")) });
    }

    public override IResult? AnswerRefused(InboundMessage message, Refusal refusal) =>
        Answer(DiscordReply.Privately(RefusalText.Of(refusal)));

    /// <summary>Discord takes about five edits in two seconds.</summary>
    public override TimeSpan? DraftInterval(ChannelAccount account, ChatAddress to) =>
        account.As<DiscordSection>().Streaming == "off" ? null : TimeSpan.FromSeconds(3);

    public override bool ShowsAtOnce(ChatAddress to) => to.More.ContainsKey(DiscordInbound.Token);

    public override Task<string?> ShowDraftAsync(
        ChannelAccount account, ChatAddress to, string? draft, string markdown, CancellationToken cancellationToken) =>
        Render(account, markdown, static _ => false) is not [var part, ..] ? Task.FromResult<string?>(null)
            : replies.ShowAsync(account.As<DiscordSection>(), to, part.Text, cancellationToken);

    public override IReadOnlyList<OutboundPart> Render(ChannelAccount account, string markdown, Func<string, bool> isOwnFile)
    {
        var section = account.As<DiscordSection>();
        var text = ChannelText.Read(markdown, DiscordMarkdown.Instance, isOwnFile);
        var limits = new TextLimits(
            Math.Min(section.TextChunkLimit ?? MaxLength, MaxLength), Math.Max(section.MaxLinesPerMessage, TextLimits.LeastLines));
        return text.ToMessages(limits);
    }

    public override async Task<SendOutcome> SendAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        await replies.SendAsync(part, delivery, cancellationToken);
        return new SendOutcome.Sent();
    }

    public override Task<bool?> FindSentAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken) =>
        Task.FromResult<bool?>(replies.CanRepeat(delivery) ? false : null);

    public override Task<InboundContent?> DownloadAsync(ChannelAccount account, InboundFile file, CancellationToken cancellationToken)
    {
        var section = account.As<DiscordSection>();
        return DiscordApi.IsOwn(section, file.Id, out var address)
            ? PlatformFile.ReadAsync(http, address, token: null, section.MediaMaxMb * 1_048_576L, file, time, cancellationToken)
            : Task.FromResult<InboundContent?>(null);
    }

    private static IResult Answer(DiscordReply reply) => Results.Json(reply, DiscordJson.Default.DiscordReply);
}
