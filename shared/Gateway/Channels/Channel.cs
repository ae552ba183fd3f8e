using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration.Channels;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;

namespace OpenClaw.Gateway.Channels;

/// <summary>One chat platform, or another place where people reach the agents. A subclass knows the platform and nothing of the gateway's
/// runs: it proves and parses what comes in, and sends what goes out. See <c>docs/channels.md</c>.</summary>
[SuppressMessage("Naming", "CA1716", Justification = "Classes of other languages do not derive from it.")]
public abstract class Channel
{
    private const string ChannelPrefix = "channel:";

    /// <summary>Its key under <c>channels</c>, the last part of its path <c>/webhook/…</c>, and its name in session keys.</summary>
    public abstract string Id { get; }

    /// <summary>As people write it.</summary>
    public abstract string Name { get; }

    /// <summary>False for one that the configuration does not switch on and off, and that the status does not show.</summary>
    public virtual bool HasSection => true;

    /// <summary>An account of a channel without a section; null when there is none.</summary>
    public virtual ChannelAccount? AccountWithoutSection(string id) => null;

    /// <summary>Methods of its webhook; none for a channel by which nothing comes in.</summary>
    public virtual IReadOnlyList<string> Methods => [HttpMethods.Post];

    /// <summary>Bytes of a webhook's body.</summary>
    public virtual int MaxBodyBytes => 256 * 1024;

    /// <summary>How long the platform waits for an answer, where <c>gateway.webhooks.timeout</c> may be too long.</summary>
    public virtual TimeSpan? AckLimit => null;

    /// <summary>Whether members of a listed group need to be listed themselves. Otherwise every member of it may ask.</summary>
    public virtual bool GroupsListSenders => true;

    /// <summary>Whether an account can have sent this, by its headers alone; asked before the body is read.</summary>
    public abstract bool MayBeFrom(ChannelAccount account, WebhookCall call);

    /// <summary>Whether an account has sent this: its signature fits the body's bytes. Asked only where <see cref="MayBeFrom"/> is
    /// true.</summary>
    public virtual bool IsFrom(ChannelAccount account, WebhookCall call) => true;

    /// <summary>The answer to a call that no account has sent.</summary>
    public virtual GatewayError Unproven(WebhookCall call) =>
        GatewayError.Unauthorized("The call is not signed by one of the channel's accounts.");

    /// <summary>What a proven call says.</summary>
    /// <exception cref="GatewayException"><c>400</c>: it is malformed; <c>503</c>: the platform shall repeat it.</exception>
    public abstract ValueTask<InboundCall> ParseAsync(ChannelAccount account, WebhookCall call, CancellationToken cancellationToken);

    /// <summary>The answer to the platform when a message was not taken; null is an empty 200.</summary>
    public virtual IResult? AnswerRefused(InboundMessage message, Refusal refusal) => null;

    /// <summary>Called once when the handling of a message begins, so that the platform can show it. What fails is ignored.</summary>
    public virtual Task NoticeAsync(ChannelAccount account, ChatAddress to, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How often <see cref="ShowTypingAsync"/> is called while a run works; null never.</summary>
    public virtual TimeSpan? TypingInterval => null;

    /// <inheritdoc cref="NoticeAsync"/>
    public virtual Task ShowTypingAsync(ChannelAccount account, ChatAddress to, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How often an answer that grows is shown; null only when it is whole.</summary>
    public virtual TimeSpan? DraftInterval(ChannelAccount account, ChatAddress to) => null;

    /// <summary>Whether the platform itself shows, from the start, a message that the answer is to replace.</summary>
    public virtual bool ShowsAtOnce(ChatAddress to) => false;

    /// <summary>Shows an answer that grows.</summary>
    /// <param name="draft">The id that an earlier call returned; null for the first.</param>
    /// <returns>The id of the message that shows it, which <see cref="SendAsync"/> finds in <see cref="Delivery.Draft"/>; null when it
    /// could not be shown.</returns>
    public virtual Task<string?> ShowDraftAsync(
        ChannelAccount account, ChatAddress to, string? draft, string markdown, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(null);

    /// <summary>The messages that an answer becomes, in order.</summary>
    /// <param name="isOwnFile">Whether an address is a file of the gateway's media store, to be uploaded.</param>
    public abstract IReadOnlyList<OutboundPart> Render(ChannelAccount account, string markdown, Func<string, bool> isOwnFile);

    /// <summary>Where a place is that people write as text: an id of the platform, which may stand behind <c>channel:</c>. It becomes
    /// a part
    /// of paths, so only letters, digits and <c>_ - + @</c> are taken.</summary>
    /// <returns>Null when it cannot be a place.</returns>
    public virtual ChatAddress? AddressOf(string to)
    {
        var id = to.StartsWith(ChannelPrefix, StringComparison.Ordinal) ? to[ChannelPrefix.Length..] : to;
        return id.Length is > 0 and <= 128 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '@')
            ? new ChatAddress(id) : null;
    }

    /// <summary>Sends one message. What the platform or the network does is in the outcome, or in a <see cref="SendException"/>.</summary>
    public abstract Task<SendOutcome> SendAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken);

    /// <summary>Whether a message whose sending was not answered has arrived; null where the platform cannot tell. It is asked before the
    /// message is sent again.</summary>
    public virtual Task<bool?> FindSentAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken) =>
        Task.FromResult<bool?>(null);

    /// <summary>The content of a file that came with a message.</summary>
    /// <returns>Null when it cannot be had.</returns>
    public virtual Task<InboundContent?> DownloadAsync(ChannelAccount account, InboundFile file, CancellationToken cancellationToken) =>
        Task.FromResult<InboundContent?>(null);
}

/// <summary>One account of a channel, with the configuration of now.</summary>
public sealed record ChannelAccount(string Channel, string Id, ChannelSection Section)
{
    /// <summary>Its section as the channel knows it.</summary>
    public T As<T>()
        where T : ChannelSection => (T)Section;
}
