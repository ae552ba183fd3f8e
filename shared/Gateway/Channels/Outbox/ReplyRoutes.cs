using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Conversation;
using OpenClaw.Gateway.Channels.Urls;
using OpenClaw.Outbound;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions.Outbox;

namespace OpenClaw.Gateway.Channels.Outbox;

/// <summary>Routes of answers that nobody on a channel asked for: those of hooks and of jobs.</summary>
public sealed class ReplyRoutes(
    ChannelList channels, OutboxDrafts drafts, LastConversations conversations, GuardedFetcher fetcher, GatewayConfigStore config)
    : IReplyRoutes
{
    public async Task<ReplyRoute> FindAsync(string agent, ReplyTarget target, CancellationToken cancellationToken)
    {
        if (target.Channel == IReplyRoutes.Last)
        {
            return await conversations.FindAsync(agent, cancellationToken) is { } last
                && channels.FindAccount(last.Channel, last.Account) is not null
                ? last : throw Invalid(target, "channel", "nobody has written to the agent on a channel yet.");
        }

        var accounts = channels.AccountsOf(target.Channel);
        if (channels.Find(target.Channel) is not { HasSection: true } channel || accounts.Count == 0)
        {
            throw Invalid(target, "channel", "the id of a channel that is switched on.");
        }

        var id = target.Account ?? (accounts.Count == 1 ? accounts[0].Id : ChannelSection.DefaultAccount);
        var account = accounts.FirstOrDefault(one => one.Id == id)
            ?? throw Invalid(target, "accountId", "the id of an account of the channel that is switched on.");
        return target.To is { } to && channel.AddressOf(to.Trim()) is { } address ? LastConversations.RouteOf(account, address)
            : throw Invalid(target, "to", $"a place that {channel.Name} can send to.");
    }

    public OutboxDraft? Reply(ReplyRoute route, RunOutcome outcome, DateTimeOffset askedAt) =>
        ReplyText.Of(outcome, []) is { } text ? Draft(route, text, askedAt) : null;

    public OutboxDraft? Reply(ReplyRoute route, GatewayError failure, DateTimeOffset askedAt) =>
        Draft(route, ReplyText.Of(failure), askedAt);

    public void CheckUrl(string url, UrlUse use, string param)
    {
        try
        {
            fetcher.Check(url, UrlChannel.PolicyOf(use, config.Current));
        }
        catch (FetchException refused)
        {
            throw new GatewayException(GatewayError.InvalidValue(param, refused.Message), refused);
        }
    }

    public OutboxDraft Post(string url, UrlUse use, string json, DateTimeOffset askedAt)
    {
        var account = UrlChannel.AccountOf(use);
        var content = new OutboxContent(account, new ChatAddress(url), [new OutboundPart(json, "")], askedAt);
        return new OutboxDraft(
            UrlChannel.ChannelId, 1, JsonSerializer.Serialize(content, ChannelsJson.Default.OutboxContent),
            OutboxDraft.LaneOf(UrlChannel.ChannelId, account, url.Split('?', '#')[0]));
    }

    private OutboxDraft? Draft(ReplyRoute route, string markdown, DateTimeOffset askedAt) =>
        channels.FindAccount(route.Channel, route.Account) is var (channel, account)
        && JsonSerializer.Deserialize(route.Address, ChannelsJson.Default.ChatAddress) is { } to
            ? drafts.Of(channel, account, to, markdown, askedAt) : null;

    private static GatewayException Invalid(ReplyTarget target, string field, string message) =>
        new(GatewayError.InvalidValue(target.Within + field, message));
}
