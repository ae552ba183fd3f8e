using OpenClaw.Configuration.Channels;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Inbound;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>Decides who may ask the agents on a channel. Ids are compared whole, and a message without a sender is refused.</summary>
public sealed class SenderPolicy(ApprovedSenders approved)
{
    private const string Everybody = "*";

    /// <returns>Null when the message is to be handled.</returns>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<Refusal?> JudgeAsync(
        Channel channel, ChannelAccount account, InboundMessage message, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(message.Sender))
        {
            return Refusal.NotAllowed;
        }

        return message.Kind == ChatKind.Direct
            ? await JudgeDirectAsync(account, message.Sender, cancellationToken)
            : JudgeGroup(channel, account.Section, message, message.Sender);
    }

    private async Task<Refusal?> JudgeDirectAsync(ChannelAccount account, string sender, CancellationToken cancellationToken)
    {
        var section = account.Section;
        return section.DmPolicy switch
        {
            "disabled" => Refusal.NotAllowed,
            _ when Lists(section.AllowFrom, sender) => null,
            "pairing" => await approved.ContainsAsync(account, sender, cancellationToken) ? null : Refusal.Pairing,
            _ => Refusal.NotAllowed,
        };
    }

    private static Refusal? JudgeGroup(Channel channel, ChannelSection section, InboundMessage message, string sender)
    {
        var key = message.Group ?? message.Chat;
        var group = section.Groups?.GetValueOrDefault(key) ?? section.Groups?.GetValueOrDefault(Everybody);
        var topic = message.Thread is { } thread
            ? group?.Topics.GetValueOrDefault(thread) ?? group?.Topics.GetValueOrDefault(Everybody) : null;
        var senders = section.GroupAllowFrom ?? (channel.GroupsListSenders || section.AllowFrom.Count > 0 ? section.AllowFrom : null);
        var isListed = group is not null || (section.Groups is null && (section.GroupPolicy == "open" || senders is not null));
        if (section.GroupPolicy == "disabled" || !isListed || group is { Enabled: false } || topic is { Enabled: false })
        {
            return Refusal.NotAllowed;
        }

        var own = topic?.AllowFrom ?? group?.AllowFrom;
        var listed = own ?? senders;
        var isOpen = section.GroupPolicy == "open" && own is null;
        if (!isOpen && listed is not null && !Lists(listed, sender))
        {
            return Refusal.NotAllowed;
        }

        return message.IsAddressed || (topic ?? group) is { RequireMention: false } ? null : Refusal.NotAddressed;
    }

    private static bool Lists(IReadOnlyList<string> ids, string sender) => ids.Contains(Everybody) || ids.Contains(sender);
}
