using Azure;
using OpenClaw.Storage;

namespace OpenClaw.Sessions;

/// <summary>The row that says a run was intended, written before the model is called, and how it ended.</summary>
/// <param name="row">As it was read.</param>
public sealed class RunRow(TableEntity row)
{
    /// <summary>Accepted; nobody works on it yet, or nobody any more.</summary>
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Completed = "completed";

    /// <summary>Cut by a limit of the model's.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>The caller left, or the instance died with a caller waiting.</summary>
    public const string Interrupted = "interrupted";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>A caller waits for the answer.</summary>
    public const string Interactive = "interactive";

    /// <summary>Format of what is written now. Rows without a version are of the first.</summary>
    public const int Version = 2;

    public string Partition => row.PartitionKey;

    public ETag ETag => row.ETag;

    /// <summary>When it was last written, by the storage service's clock, and that clock now.</summary>
    public (DateTimeOffset? Written, DateTimeOffset Now) Times => (row.Timestamp, row.ServerTime);

    public string State => row.GetString("State") ?? Running;

    /// <summary><see cref="Interactive"/>, or what kind of request was queued.</summary>
    public string Kind => row.GetString("Kind") ?? Interactive;

    /// <summary>How many times somebody began it.</summary>
    public int Attempt => row.GetInt32("Attempt") ?? 1;

    /// <summary>True when its turn stands in the transcript.</summary>
    public bool IsCommitted => row.GetBoolean("Committed") == true;

    public bool HasEnded => State is not (Queued or Running);

    public string? Agent => row.GetString("Agent");

    /// <summary>The backend model that answered.</summary>
    public string? Model => row.GetString("Model");

    /// <summary>The row of its request, while it waits.</summary>
    internal string? InboxKey => row.GetString("Inbox");

    public string Owner => row.GetString("Owner") ?? "";

    public DateTimeOffset? CreatedAt => row.GetDateTimeOffset("CreatedAt") ?? StartedAt;

    public DateTimeOffset? StartedAt => row.GetDateTimeOffset("StartedAt");

    public DateTimeOffset? EndedAt => row.GetDateTimeOffset("EndedAt");

    /// <summary>How it ended, as JSON of the engine's.</summary>
    public string? End => row.GetString("End");

    /// <summary>Its turn, once committed; how many of its items are input.</summary>
    public TurnRange Range => new(row.PartitionKey, row.GetInt64("From") ?? 0, row.GetInt64("To") ?? 0);

    public int InputCount => row.GetInt32("InputCount") ?? 0;

    /// <summary>Batches of events in its journal.</summary>
    public int Batches => row.GetInt32("Batches") ?? 0;

    public static string Key(string runId) => "run~" + RunId.OwnPart(runId);

    /// <summary>A run that waits for its turn.</summary>
    public static TableEntity Accepted(QueuedRun run) => new(run.Session.Partition, Key(run.RunId))
    {
        ["State"] = Queued,
        ["Kind"] = run.Kind,
        ["Attempt"] = 0,
        ["CreatedAt"] = run.CreatedAt,
        ["Inbox"] = run.RowKey,
        ["Owner"] = run.Session.Owner,
        ["Agent"] = run.Session.Agent,
        ["V"] = Version,
    };

    /// <summary>To be inserted, or merged over an earlier attempt's row.</summary>
    public static TableEntity Started(SessionKey session, string runId, int attempt, DateTimeOffset now) => new(session.Partition, Key(runId))
    {
        ["State"] = Running,
        ["Attempt"] = attempt,
        ["StartedAt"] = now,
        ["Owner"] = session.Owner,
        ["Agent"] = session.Agent,
        ["V"] = Version,
    };

    /// <summary>To be merged over the started row.</summary>
    public static TableEntity Ended(string partition, string runId, string state, DateTimeOffset now) =>
        new(partition, Key(runId)) { ["State"] = state, ["EndedAt"] = now };
}
