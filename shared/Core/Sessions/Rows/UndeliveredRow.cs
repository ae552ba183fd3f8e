using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>A reply that was given up. It stays in its session for the operator; its content is the turn of its run.</summary>
internal sealed class UndeliveredRow : TableRow, ITableRow<UndeliveredRow>
{
    private UndeliveredRow(TableEntity entity)
        : base(entity)
    {
    }

    /// <param name="reason">Short, without anything secret.</param>
    public UndeliveredRow(OutboxRow reply, string reason, DateTimeOffset now)
        : base(reply.PartitionKey, "dead~" + reply.Id) =>
        (this["Channel"], this["Run"], this["Sent"], this["Parts"], this["Reason"], this["GivenUpAt"], this["V"]) =
            (reply.Channel, reply.Run, reply.Sent, reply.Parts, reason, now, RunRow.Version);

    public static UndeliveredRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
