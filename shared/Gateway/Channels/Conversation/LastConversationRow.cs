using Azure.Data.Tables;
using OpenClaw.Runs.Durable;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>Where an agent was last written to.</summary>
internal sealed class LastConversationRow : TableRow, ITableRow<LastConversationRow>
{
    /// <summary>Beside the partitions of channels; no channel is called so.</summary>
    public const string Partition = "last~conversations";

    private LastConversationRow(TableEntity entity)
        : base(entity)
    {
    }

    public LastConversationRow(string agent, ReplyRoute route, DateTimeOffset now)
        : base(Partition, agent) =>
        (this["Channel"], this["Account"], this["Address"], this["At"], this["V"]) = (route.Channel, route.Account, route.Address, now, 1);

    public ReplyRoute Route => new(Text("Channel") ?? "", Text("Account") ?? "", Text("Address") ?? "");

    public static LastConversationRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
