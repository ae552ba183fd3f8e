using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>The session of a conversation, and the agent that answers in it. Sessions of channels are the operator's.</summary>
public sealed class ConversationKeys(AgentCatalog agents, GatewayConfigStore config)
{
    /// <summary><c>agent:main:telegram:group:-100:topic:7</c>, or for direct chats what <c>session.dmScope</c> says.</summary>
    public SessionKey SessionOf(ChannelAccount account, InboundMessage message)
    {
        var agent = AgentOf(account, message).Id;
        var chat = message.Kind switch
        {
            ChatKind.Group => $"{account.Channel}:group:{message.Chat}",
            ChatKind.Channel => $"{account.Channel}:channel:{message.Chat}",
            _ => config.Current.Session.DmScope switch
            {
                "per-peer" => $"direct:{PersonOf(account, message)}",
                "per-channel-peer" => $"{account.Channel}:direct:{PersonOf(account, message)}",
                "per-account-channel-peer" => $"{account.Channel}:{account.Id}:direct:{PersonOf(account, message)}",
                _ => "main",
            },
        };
        var thread = message.Thread is { } id ? $":{message.ThreadWord}:{id}" : "";
        return new SessionKey("", agent, $"agent:{agent}:{chat}{thread}");
    }

    /// <summary>The agent of the most exact binding that fits: peer, then guild or workspace, then account, then channel; else the default
    /// agent.</summary>
    public Agent AgentOf(ChannelAccount account, InboundMessage message)
    {
        BindingSection? best = null;
        var rank = -1;
        foreach (var binding in config.Current.Bindings)
        {
            if (RankOf(binding.Match, account, message) is { } own && own > rank && agents.Find(binding.AgentId) is not null)
            {
                (best, rank) = (binding, own);
            }
        }

        return agents.Find(best?.AgentId) ?? agents.Default;
    }

    /// <summary>The name under which <c>session.identityLinks</c> lists the sender, else the sender's own id.</summary>
    private string? PersonOf(ChannelAccount account, InboundMessage message)
    {
        var id = $"{account.Channel}:{message.Sender}";
        return config.Current.Session.IdentityLinks.FirstOrDefault(person => person.Value.Contains(id, StringComparer.Ordinal)).Key
            ?? message.Sender;
    }

    /// <returns>How exact it is; null when it does not fit.</returns>
    private static int? RankOf(BindingMatchSection match, ChannelAccount account, InboundMessage message)
    {
        var isAccount = match.AccountId == "*" || (match.AccountId ?? ChannelSection.DefaultAccount) == account.Id;
        if ((match.Channel is not null && match.Channel != account.Channel) || !isAccount)
        {
            return null;
        }

        if (match.Peer is { } peer)
        {
            var kind = message.Kind switch { ChatKind.Direct => "direct", ChatKind.Group => "group", _ => "channel" };
            return peer.Kind == kind && peer.Id == (message.Kind == ChatKind.Direct ? message.Sender : message.Chat) ? 4 : null;
        }

        if ((match.GuildId ?? match.TeamId) is { } space)
        {
            return space == message.Space ? 3 : null;
        }

        return match.AccountId is null or "*" ? match.Channel is null ? 0 : 1 : 2;
    }
}
