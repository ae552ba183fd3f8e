using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Conversation;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Channels.Inbound;

/// <summary>Accepts messages of people into the sessions of their conversations. The same event is accepted once, whichever instance gets
/// it.</summary>
public sealed partial class ChannelInbox(
    SenderPolicy policy, Pairings pairings, ConversationKeys keys, LastConversations conversations, RunControl control,
    TimeProvider time, ILogger<ChannelInbox> logger)
{
    /// <returns>Why the message was not taken; null when it will be handled.</returns>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>: nothing was accepted.</exception>
    public async Task<Refusal?> AcceptAsync(
        Channel channel, ChannelAccount account, InboundMessage message, CancellationToken cancellationToken)
    {
        if (await policy.JudgeAsync(channel, account, message, cancellationToken) is { } refusal)
        {
            if (refusal == Refusal.Pairing)
            {
                await pairings.AskAsync(channel, account, message, cancellationToken);
            }

            return refusal;
        }

        var session = keys.SessionOf(account, message);
        if (ChatCommand.Parse(message.Text) is { Name: ChatCommand.Stop }
            && await control.RequestAbortAsync(session.Partition, cancellationToken) is { } stopped)
        {
            LogStopped(stopped, channel.Id);
        }

        var now = time.GetUtcNow();
        var request = JsonSerializer.Serialize(
            new ChannelRequest(channel.Id, account.Id, message, now), ChannelsJson.Default.ChannelRequest);
        var queued = new QueuedRun(
            session, RunId.New(session), ChannelRuns.RunKind, request, now, message.Order.ToString("D19", CultureInfo.InvariantCulture))
        {
            OtherEventIds = [.. message.OtherEventIds.Select(id => EventName(account, message, id))],
        };
        await control.AcceptEventAsync(queued, EventName(account, message, message.EventId), cancellationToken);
        await conversations.NoteAsync(session.Agent, account, message, cancellationToken);
        return null;
    }

    /// <summary>Parts with their lengths, so that an id that holds a separator is not another account's or chat's.</summary>
    private static string EventName(ChannelAccount account, InboundMessage message, string id) =>
        Secret.HashName("event", account.Channel, account.Id, message.Chat, id);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} is stopped by its sender on {Channel}")]
    private partial void LogStopped(string runId, string channel);
}

/// <summary>An accepted message, as it waits in its session.</summary>
/// <param name="AcceptedAt">When it came.</param>
public sealed record ChannelRequest(string Channel, string Account, InboundMessage Message, DateTimeOffset AcceptedAt);
