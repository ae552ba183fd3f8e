using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Runs.Durable;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>Where each agent was last written to, for answers that go to <c>last</c>. An instance writes it when it differs from what it
/// wrote before, and once a minute, because another instance may have written since.</summary>
public sealed partial class LastConversations(GatewayStorage storage, TimeProvider time, ILogger<LastConversations> logger)
{
    private static readonly TimeSpan StoreInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (ReplyRoute Route, DateTimeOffset At)> _stored = new(StringComparer.Ordinal);

    private StorageTable Table => storage.Table(ChannelReportRow.TableName);

    /// <summary>The route to a place; without the message that is answered and what only it makes possible.</summary>
    internal static ReplyRoute RouteOf(ChannelAccount account, ChatAddress to) => new(
        account.Channel, account.Id, JsonSerializer.Serialize(new ChatAddress(to.Chat, to.Thread), ChannelsJson.Default.ChatAddress));

    /// <summary>Remembers where a message came from. What fails is ignored: the message is more important.</summary>
    internal async Task NoteAsync(string agent, ChannelAccount account, InboundMessage message, CancellationToken cancellationToken)
    {
        var (route, now) = (RouteOf(account, message.To), time.GetUtcNow());
        if (_stored.TryGetValue(agent, out var stored) && stored.Route == route && now - stored.At < StoreInterval)
        {
            return;
        }

        try
        {
            await Table.UpsertAsync(new LastConversationRow(agent, route, now), cancellationToken);
            _stored[agent] = (route, now);
        }
        catch (StorageException failure)
        {
            LogNotStored(agent, failure.Message);
        }
    }

    /// <summary>Null when nobody has written to the agent.</summary>
    /// <exception cref="Errors.GatewayException"><c>503 storage_unavailable</c>.</exception>
    internal async Task<ReplyRoute?> FindAsync(string agent, CancellationToken cancellationToken) =>
        (await Table.GetAsync<LastConversationRow>(LastConversationRow.Partition, agent, cancellationToken))?.Route;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last conversation of agent {Agent} could not be stored: {Reason}")]
    private partial void LogNotStored(string agent, string reason);
}
