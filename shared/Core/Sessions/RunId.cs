using OpenClaw.Text;

namespace OpenClaw.Sessions;

/// <summary>Ids of runs. The id of a durable run contains its partition; that of a stateless run is only a name.</summary>
public static class RunId
{
    private const string Prefix = "run_";

    /// <summary><c>run_</c>, the session's partition and 16 base62 characters; 24 base62 characters alone without a session.</summary>
    public static string New(SessionKey? session) =>
        session is null ? RandomId.Run() : PartitionedId.New(session.Partition).ToString(Prefix);

    /// <summary>The id of a durable run of a session.</summary>
    internal static string Of(string partition, string own) => new PartitionedId(partition, own).ToString(Prefix);

    /// <summary>Null for the id of a stateless run, and for a text that is no id.</summary>
    public static PartitionedId? Parse(string? text) => PartitionedId.Parse(text, Prefix);

    /// <summary>The part that distinguishes the run from others of its session.</summary>
    public static string OwnPart(string runId) => Parse(runId)?.Own ?? runId;
}
