using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>The row that fences a session: every write of a turn names its ETag. A lease runs from the row's own timestamp and
/// is judged by the storage service's clock, so that no instance's clock matters.</summary>
public sealed partial class SessionHead : TableRow, ITableRow<SessionHead>
{
    public new const string RowKey = "head";

    private readonly StorageClock _clock;

    private SessionHead(TableEntity entity, StorageClock clock)
        : base(entity) => _clock = clock;

    private SessionHead(string partition)
        : base(partition, RowKey)
    {
    }

    /// <summary>Committed turns.</summary>
    public long Version { get => Long("Version") ?? 0; private set => this["Version"] = value; }

    public long NextSeq { get => Long("NextSeq") ?? 0; internal set => this["NextSeq"] = value; }

    /// <summary>The run that holds the session; null when free.</summary>
    public string? LeaseRun { get => Text("LeaseRun") is { Length: > 0 } run ? run : null; private set => this["LeaseRun"] = value ?? ""; }

    /// <summary>Distinguishes this holder from another attempt at the same run.</summary>
    public string? LeaseToken { get => Text("LeaseToken"); private set => this["LeaseToken"] = value; }

    /// <summary>Whether the holder's run is resumed when its instance dies; else it is marked interrupted.</summary>
    public bool LeaseResumes { get => Flag("LeaseResumes"); private set => this["LeaseResumes"] = value; }

    /// <summary>Counts how often the lease was taken. Its column keeps the name that rows of earlier versions have.</summary>
    public long LeaseCount { get => Long("LeaseEpoch") ?? 0; private set => this["LeaseEpoch"] = value; }

    public static SessionHead New(SessionKey key, DateTimeOffset now) => new(key.Partition)
    {
        ["Owner"] = key.Owner,
        ["Agent"] = key.Agent,
        ["Key"] = key.Key,
        ["Version"] = 0L,
        ["NextSeq"] = 0L,
        ["LeaseEpoch"] = 0L,
        ["CreatedAt"] = now,
        ["V"] = RunRow.Version,
    };

    public static SessionHead Read(TableEntity entity, StorageClock clock) => new(entity, clock);

    /// <summary>Whether any run holds it, by the storage service's clock.</summary>
    public bool IsHeld(TimeSpan lease) => LeaseRun is not null && Timestamp + lease > _clock.Now;

    public bool IsHeldBy(string runId, string token) => LeaseRun == runId && LeaseToken == token;

    public void Take(string runId, string token, bool resumes)
    {
        (LeaseRun, LeaseToken, LeaseResumes) = (runId, token, resumes);
        LeaseCount++;
    }

    public void Free() => LeaseRun = null;

    public void Advance(long nextSeq, DateTimeOffset now)
    {
        Version++;
        NextSeq = nextSeq;
        LeaseRun = null;
        this["UpdatedAt"] = now;
    }
}
