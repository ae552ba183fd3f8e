using OpenClaw.Storage;

namespace OpenClaw.Sessions;

/// <summary>The row that says a run was intended, written before the model is called, and how it ended.</summary>
public static class RunRow
{
    public const string Running = "running";
    public const string Completed = "completed";
    public const string Interrupted = "interrupted";
    public const string Failed = "failed";

    public static string Key(string runId) => "run~" + runId;

    public static TableEntity Started(string partition, string runId, DateTimeOffset now) =>
        new(partition, Key(runId)) { ["State"] = Running, ["StartedAt"] = now };

    /// <summary>To be merged over the started row.</summary>
    public static TableEntity Ended(string partition, string runId, string state, DateTimeOffset now) =>
        new(partition, Key(runId)) { ["State"] = state, ["EndedAt"] = now };
}
