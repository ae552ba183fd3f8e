using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>A request that waits in its session. Its content is a document in the same partition.</summary>
internal sealed class InboxRow : TableRow, ITableRow<InboxRow>
{
    public const string Prefix = "in~";

    private InboxRow(TableEntity entity)
        : base(entity)
    {
    }

    private InboxRow(string partition, string rowKey)
        : base(partition, rowKey)
    {
    }

    public static InboxRow Read(TableEntity entity, StorageClock clock) => new(entity);

    /// <param name="parts">Rows of the request's document.</param>
    public static InboxRow Of(QueuedRun run, int parts) => new(run.Session.Partition, run.RowKey)
    {
        ["Run"] = run.RunId,
        ["Kind"] = run.Kind,
        ["Owner"] = run.Session.Owner,
        ["Agent"] = run.Session.Agent,
        ["Key"] = run.Session.Key,
        ["CreatedAt"] = run.CreatedAt,
        ["Parts"] = parts,
        ["Alias"] = run.Alias,
        ["V"] = RunRow.Version,
    };

    /// <summary>The run, without the content of its request.</summary>
    public QueuedRun ToRun() => new(
        new SessionKey(Text("Owner")!, Text("Agent")!, Text("Key")!), Text("Run")!, Text("Kind")!, "", Time("CreatedAt")
            ?? default, RowKey.Split('~')[1])
    {
        Parts = Int("Parts") ?? 0,
        Alias = Text("Alias"),
    };
}
