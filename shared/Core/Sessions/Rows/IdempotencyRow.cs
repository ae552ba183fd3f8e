using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>The first request under an idempotency key.</summary>
internal sealed class IdempotencyRow : TableRow, ITableRow<IdempotencyRow>
{
    public new const string RowKey = "claim";

    private IdempotencyRow(TableEntity entity)
        : base(entity)
    {
    }

    public IdempotencyRow(IdempotencyKey key, string runId, SessionKey session, string? name, DateTimeOffset now)
        : base(key.Partition, RowKey)
    {
        (this["Hash"], this["Run"], this["Name"]) = (key.RequestHash, runId, name);
        (this["Owner"], this["Agent"], this["Key"]) = (session.Owner, session.Agent, session.Key);
        (this["CreatedAt"], this["V"]) = (now, RunRow.Version);
    }

    public string? Hash => Text("Hash");

    public string? Name => Text("Name");

    public string RunId => Text("Run")!;

    public DateTimeOffset? CreatedAt => Time("CreatedAt");

    /// <summary>The session that was made for the key alone; null when the caller named one.</summary>
    public SessionKey? OwnSession =>
        Session is var session && session.Key == IdempotencyKey.SessionName(session.Agent, PartitionKey) ? session : null;

    private SessionKey Session => new(Text("Owner")!, Text("Agent")!, Text("Key")!);

    public static IdempotencyRow Read(TableEntity entity, StorageClock clock) => new(entity);

    /// <param name="runId">The run of the present request.</param>
    public IdempotencyClaim ToClaim(string runId) =>
        new(RunId, Session, Name, CreatedAt!.Value, IsNew: RunId == runId);
}
