using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Gateway.Channels.Conversation;
using OpenClaw.Gateway.Channels.Discord;
using OpenClaw.Gateway.Channels.Files;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Gateway.Channels.Progress;
using OpenClaw.Gateway.Channels.Setup;
using OpenClaw.Gateway.Channels.Slack;
using OpenClaw.Gateway.Channels.Telegram;
using OpenClaw.Gateway.Channels.Urls;
using OpenClaw.Gateway.Channels.Webhook;
using OpenClaw.Gateway.Channels.WhatsApp;
using OpenClaw.Gateway.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Tools;

namespace OpenClaw.Gateway.Channels;

/// <summary>The channels, one line each, and what they stand on.</summary>
public static class ChannelServices
{
    public static IServiceCollection AddChannels(this IServiceCollection services) => services
        .AddSingleton<Channel, TelegramChannel>().AddSingleton<TelegramApi>()
        .AddSingleton<Channel, UrlChannel>()
        .AddSingleton<Channel, SlackChannel>().AddSingleton<SlackApi>().AddSingleton<SlackReplies>()
        .AddSingleton<Channel, DiscordChannel>().AddSingleton<DiscordApi>().AddSingleton<DiscordReplies>()
        .AddSingleton<Channel, WhatsAppChannel>().AddSingleton<WhatsAppApi>()
        .AddSingleton<Channel, WebhookChannel>()
        .AddSingleton<IChannelSetup, TelegramSetup>().AddSingleton<IChannelSetup, SlackSetup>()
        .AddSingleton<IChannelSetup, DiscordSetup>().AddSingleton<IChannelSetup, WhatsAppSetup>().AddSingleton<ChannelSetups>()
        .AddSingleton<ChannelHttp>()
        .AddSingleton<ChannelList>()
        .AddSingleton<ChannelReports>()
        .AddSingleton<IChannelReports>(static provider => provider.GetRequiredService<ChannelReports>())
        .AddSingleton<WebhookFront>()
        .AddSingleton<ChannelInbox>()
        .AddSingleton<SenderPolicy>()
        .AddSingleton<ApprovedSenders>()
        .AddSingleton<Pairings>()
        .AddSingleton<PairingHandler>()
        .AddSingleton<ConversationKeys>()
        .AddSingleton<CommandAnswers>()
        .AddSingleton<Albums>()
        .AddSingleton<InboundFiles>()
        .AddSingleton<OutboundFiles>()
        .AddSingleton<OutboxDrafts>()
        .AddSingleton<LastConversations>()
        .AddSingleton<IReplyRoutes, ReplyRoutes>()
        .AddSingleton<DeliveryOptions>()
        .AddSingleton<ChannelProgress>()
        .AddSingleton<IReplySender, OutboxSender>()
        .AddSingleton<IQueuedRuns, ChannelRuns>()
        .AddSingleton<ITool, MessageTool>();
}
