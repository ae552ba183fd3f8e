using System.Globalization;
using System.Text.Json;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Text;
using OpenClaw.Tools;
using OpenClaw.Tools.BuiltIn;

namespace OpenClaw.Gateway.Channels.Outbox;

/// <summary><c>message</c>: writes to a conversation of a channel, through the outbox of the session that the call is made for. The owner
/// and administrators may write to any place; others only to the conversation that their run answers.</summary>
internal sealed class MessageTool(
    IReplyRoutes routes, ChannelList channels, OutboxDrafts drafts, SessionOutbox outbox, WakeUps wakeUps, ReplyDispatcher replies,
    TimeProvider time) : BuiltInTool(
    "message", "group:messaging", isRepeatable: true,
    "Sends a message to a chat platform. Without channel and target it goes to the conversation that this run answers.",
    """
    {"type":"object","properties":{
      "action":{"type":"string","enum":["send"]},
      "channel":{"type":"string","description":"Such as telegram; last for where the agent was last written to"},
      "target":{"type":"string","description":"A chat, channel or phone number there"},
      "accountId":{"type":"string","description":"Of a channel that has several accounts"},
      "message":{"type":"string","description":"Markdown"}},
     "required":["action","message"],"additionalProperties":false}
    """)
{
    private const int MaxMessage = 50_000;

    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        if (input.Choice("action", "", "send").Length == 0)
        {
            throw new ToolException("The argument 'action' is missing.");
        }

        var text = input.Text("message", MaxMessage);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ToolException("The argument 'message' is empty.");
        }

        var context = call.Context;
        var target = TargetOf(context, input);
        var route = await routes.FindAsync(context.Agent.Id, target, cancellationToken);
        var draft = channels.FindAccount(route.Channel, route.Account) is var (channel, account)
            && JsonSerializer.Deserialize(route.Address, ChannelsJson.Default.ChatAddress) is { } to
            ? drafts.Of(channel, account, to, text, time.GetUtcNow())
            : throw new ToolException("The channel was switched off.");
        var partition = (context.Session ?? new SessionKey("", "", $"channel:{route.Channel}:messages")).Partition;
        await wakeUps.ScheduleAsync(partition, null, cancellationToken);
        var now = time.GetUtcNow().UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
        var isNew = await outbox.TryAddOnceAsync(
            partition, $"{now}~{RandomId.Create("")[..16]}", $"message {context.RunId} {call.Id}", draft, cancellationToken);
        replies.Dispatch(partition);
        return ToolResult.Of(isNew ? $"The message to {route.Channel} will be delivered." : "The message was accepted before.");
    }

    /// <exception cref="ToolException">There is none, or it is another conversation than the caller's own.</exception>
    private static ReplyTarget TargetOf(ToolContext context, ToolInput input)
    {
        var (channel, target, account) = (input.OptionalText("channel", 64), input.OptionalText("target", 512),
            input.OptionalText("accountId", 64));
        var isOwn = context.RunId is not null && context is { Channel: not null, ChannelTo: not null }
            && (channel is null || channel == context.Channel) && (target is null || target == context.ChannelTo)
            && (account is null || account == context.ChannelAccount);
        if (isOwn)
        {
            return new ReplyTarget(context.Channel!, context.ChannelTo, context.ChannelAccount);
        }

        if (!context.Caller.IsOwner && !context.Caller.Scopes.Covers(Scope.OperatorAdmin))
        {
            throw new ToolException("Only the owner and administrators may write to another conversation than this run's own.");
        }

        return new ReplyTarget(
            channel ?? context.Channel ?? throw new ToolException("The argument 'channel' is missing."),
            target ?? (channel is null || channel == context.Channel ? context.ChannelTo : null), account ?? (channel is null
                ? context.ChannelAccount : null));
    }
}
