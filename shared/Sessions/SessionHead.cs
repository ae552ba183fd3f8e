using Azure;
using OpenClaw.Storage;

namespace OpenClaw.Sessions;

/// <summary>The row that fences a session: every write of a turn names its ETag. A lease runs from the row's own timestamp and
/// is judged by the storage service's clock, so that no instance's clock matters.</summary>
public sealed partial class SessionHead
{
    public const string RowKey = "head";

    private SessionHead(TableEntity row) => Row = row;

    public TableEntity Row { get; private set; }

    /// <summary>None for a head that is not stored yet.</summary>
    public ETag ETag { get; set; }

    /// <summary>Committed turns.</summary>
    public long Version { get => Row.GetInt64("Version") ?? 0; private set => Row["Version"] = value; }

    public long NextSeq { get => Row.GetInt64("NextSeq") ?? 0; internal set => Row["NextSeq"] = value; }

    /// <summary>The run that holds the session; null when free.</summary>
    public string? LeaseRun { get => Row.GetString("LeaseRun") is { Length: > 0 } run ? run : null; private set => Row["LeaseRun"] = value ?? ""; }

    /// <summary>Tells this holder from another attempt at the same run.</summary>
    public string? LeaseToken { get => Row.GetString("LeaseToken"); private set => Row["LeaseToken"] = value; }

    /// <summary>Whether the holder's run is carried on when the holder dies; else it counts as interrupted.</summary>
    public bool LeaseResumes { get => Row.GetBoolean("LeaseResumes") == true; private set => Row["LeaseResumes"] = value; }

    /// <summary>Grows with every change of hands.</summary>
    public long LeaseEpoch { get => Row.GetInt64("LeaseEpoch") ?? 0; private set => Row["LeaseEpoch"] = value; }

    public static SessionHead New(SessionKey key, DateTimeOffset now) => new(new TableEntity(key.Partition, RowKey)
    {
        ["Owner"] = key.Owner,
        ["Agent"] = key.Agent,
        ["Key"] = key.Key,
        ["Version"] = 0L,
        ["NextSeq"] = 0L,
        ["LeaseEpoch"] = 0L,
        ["CreatedAt"] = now,
        ["V"] = RunRow.Version,
    });

    public static SessionHead From(TableEntity row) => new(row) { ETag = row.ETag };

    /// <summary>Whether another run still holds it, by storage time.</summary>
    public bool IsHeld(TimeSpan lease) => LeaseRun is not null && Row.Timestamp + lease > Row.ServerTime;

    public bool IsHeldBy(string runId, string token) => LeaseRun == runId && LeaseToken == token;

    public void Take(string runId, string token, bool resumes)
    {
        (LeaseRun, LeaseToken, LeaseResumes) = (runId, token, resumes);
        LeaseEpoch++;
    }

    public void Free() => LeaseRun = null;

    public void Advance(long nextSeq, DateTimeOffset now)
    {
        Version++;
        NextSeq = nextSeq;
        LeaseRun = null;
        Row["UpdatedAt"] = now;
    }
}
