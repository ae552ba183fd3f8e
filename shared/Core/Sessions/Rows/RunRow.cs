using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>A run: written as its intent before the model is called, later with how it ended.</summary>
public sealed class RunRow : TableRow, ITableRow<RunRow>
{
    private RunRow(TableEntity entity)
        : base(entity)
    {
    }

    private RunRow(string partition, string runId)
        : base(partition, Key(runId))
    {
    }

    /// <summary>Accepted; not yet begun, or its instance died.</summary>
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Completed = "completed";

    /// <summary>Cut by a limit or filter of the model.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>The caller left, or the instance died with a caller waiting.</summary>
    public const string Interrupted = "interrupted";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>A caller waits for the answer.</summary>
    public const string Interactive = "interactive";

    /// <summary>What the keys of run rows begin with.</summary>
    internal const string KeyPrefix = "run~";

    /// <summary>Format of what is written now. Rows without a version are of the first.</summary>
    public const int Version = 2;

    public string Partition => PartitionKey;

    public string State => Text("State") ?? Running;

    /// <summary><see cref="Interactive"/>, or what kind of request was queued.</summary>
    public string Kind => Text("Kind") ?? Interactive;

    /// <summary>How many times it was begun.</summary>
    public int Attempt => Int("Attempt") ?? 1;

    /// <summary>True when its turn is in the transcript.</summary>
    public bool IsCommitted => Flag("Committed");

    public bool HasEnded => State is not (Queued or Running);

    public string? Agent => Text("Agent");

    /// <summary>The backend model that answered.</summary>
    public string? Model => Text("Model");

    /// <summary>See <see cref="QueuedRun.Alias"/>.</summary>
    public string? Alias => Text("Alias");

    /// <summary>The key of its request's inbox row.</summary>
    internal string? InboxKey => Text("Inbox");

    public string Owner => Text("Owner") ?? "";

    public DateTimeOffset? CreatedAt => Time("CreatedAt") ?? StartedAt;

    public DateTimeOffset? StartedAt => Time("StartedAt");

    public DateTimeOffset? EndedAt => Time("EndedAt");

    /// <summary>Its end event, as the engine's JSON.</summary>
    public string? End => Text("End");

    /// <summary>Its turn, once committed.</summary>
    public TurnRange Range => new(PartitionKey, Long("From") ?? 0, Long("To") ?? 0);

    public int InputCount => Int("InputCount") ?? 0;

    /// <summary>Batches of events in its journal.</summary>
    public int Batches => Int("Batches") ?? 0;

    /// <summary>The token of the lease under which it was committed.</summary>
    internal string? Token => Text("Token");

    /// <summary>The id of the durable run.</summary>
    public string Id => RunId.Of(PartitionKey, RowKey[KeyPrefix.Length..]);

    public static string Key(string runId) => KeyPrefix + RunId.OwnPart(runId);

    public static RunRow Read(TableEntity entity, StorageClock clock) => new(entity);

    /// <summary>The row of a run that was accepted and not begun.</summary>
    public static RunRow Accepted(QueuedRun run) => new(run.Session.Partition, run.RunId)
    {
        ["State"] = Queued,
        ["Kind"] = run.Kind,
        ["Attempt"] = 0,
        ["CreatedAt"] = run.CreatedAt,
        ["Inbox"] = run.RowKey,
        ["Alias"] = run.Alias,
        ["Owner"] = run.Session.Owner,
        ["Agent"] = run.Session.Agent,
        ["V"] = Version,
    };

    /// <summary>The row of a run that begins: to be inserted, or merged over an earlier attempt's row.</summary>
    public static RunRow Started(SessionKey session, string runId, int attempt, DateTimeOffset now) => new(session.Partition, runId)
    {
        ["State"] = Running,
        ["Attempt"] = attempt,
        ["StartedAt"] = now,
        ["Owner"] = session.Owner,
        ["Agent"] = session.Agent,
        ["V"] = Version,
    };

    /// <summary>The end of a run: to be merged over the started row.</summary>
    /// <param name="end">The end event, as the engine's JSON.</param>
    public static RunRow Ended(string partition, string runId, string state, DateTimeOffset now, string? end = null) =>
        new(partition, runId) { ["State"] = state, ["EndedAt"] = now, ["End"] = end };

    /// <summary>The end of a run whose turn is stored: to be merged in the same transaction.</summary>
    /// <param name="token">The token of the lease.</param>
    public static RunRow Ended(TurnRange turn, string runId, TurnCommit commit, string token, DateTimeOffset now) =>
        new(turn.Partition, runId)
        {
            ["State"] = commit.State,
            ["EndedAt"] = now,
            ["Committed"] = true,
            ["From"] = turn.From,
            ["To"] = turn.To,
            ["InputCount"] = commit.InputCount,
            ["Model"] = commit.Model,
            ["End"] = commit.End,
            ["Token"] = token,
        };

    /// <summary>To be merged: a run that changed its session and added nothing to it.</summary>
    /// <param name="token">The token of the lease.</param>
    public static RunRow Changed(string partition, string runId, string token, DateTimeOffset now) =>
        new(partition, runId) { ["State"] = Completed, ["EndedAt"] = now, ["Committed"] = true, ["Token"] = token };

    /// <summary>To be merged: a run that waits again.</summary>
    /// <param name="end">The end event, as the engine's JSON; null keeps the stored one.</param>
    public static RunRow Requeued(string partition, string runId, string? end) =>
        new(partition, runId) { ["State"] = Queued, ["End"] = end };

    /// <summary>To be merged: how often it was begun.</summary>
    public static RunRow Counted(string partition, string runId, int attempts) => new(partition, runId) { ["Attempt"] = attempts };

    /// <summary>To be merged: how many batches its journal has.</summary>
    public static RunRow Written(string partition, string runId, int batches) => new(partition, runId) { ["Batches"] = batches };
}
