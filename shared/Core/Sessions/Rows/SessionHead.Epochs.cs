namespace OpenClaw.Sessions.Rows;

/// <summary>Where a session's epoch and context begin. Earlier items stay stored, after a reset and after a compaction.</summary>
public sealed partial class SessionHead
{
    public string Owner => Text("Owner") ?? "";

    public string Agent => Text("Agent") ?? "";

    public string Key => Text("Key") ?? "";

    /// <summary>Resets so far.</summary>
    public long Epoch { get => Long("Epoch") ?? 0; private set => this["Epoch"] = value; }

    /// <summary>First sequence number since the last reset.</summary>
    public long EpochFrom { get => Long("EpochFrom") ?? 0; private set => this["EpochFrom"] = value; }

    /// <summary>First sequence number that the model is shown.</summary>
    public long ContextFrom { get => Long("ContextFrom") ?? 0; private set => this["ContextFrom"] = value; }

    /// <summary>Rows with lower sequence numbers are to be deleted by the sweeper.</summary>
    public long PurgeTo { get => Long("PurgeTo") ?? 0; private set => this["PurgeTo"] = value; }

    /// <summary>True when there are no items since the last reset.</summary>
    public bool IsEmpty => NextSeq == EpochFrom;

    /// <summary>True for the head of a deleted session until the sweeper deletes it.</summary>
    public bool IsDeleted => Flag("Deleted");

    public DateTimeOffset? CreatedAt => Time("CreatedAt");

    /// <summary>When a turn was last committed.</summary>
    public DateTimeOffset? UpdatedAt => Time("UpdatedAt");

    public string? Title => Text("Title");

    /// <summary>The model in place of the agent's own.</summary>
    public string? Model => Text("Model");

    /// <summary>The reasoning effort, such as <c>high</c>.</summary>
    public string? Thinking => Text("Thinking");

    public IReadOnlyList<string> Labels => Text("Labels") is { Length: > 0 } labels ? labels.Split('\n') : [];

    /// <summary>Whether a person keeps it at the top of lists.</summary>
    public bool IsPinned { get => Flag("Pinned"); set => this["Pinned"] = value ? true : null; }

    /// <summary>Whether a person has put it away: lists leave it out unless they are asked for it.</summary>
    public bool IsArchived { get => Flag("Archived"); set => this["Archived"] = value ? true : null; }

    /// <summary>Sets one of the properties that a caller may choose; null removes it.</summary>
    public void Set(string name, string? value) => this[name] = value;

    /// <summary>Begins a new epoch.</summary>
    /// <param name="forget">Whether earlier rows are to be deleted.</param>
    public void Reset(DateTimeOffset now, bool forget)
    {
        Epoch++;
        EpochFrom = NextSeq;
        ContextFrom = NextSeq;
        this["UpdatedAt"] = now;
        if (forget)
        {
            PurgeTo = NextSeq;
            this["CreatedAt"] = now;
            this["Deleted"] = null;
            this["Title"] = null;
            this["Model"] = null;
            this["Thinking"] = null;
            this["Labels"] = null;
            (IsPinned, IsArchived) = (false, false);
        }
    }

    /// <summary>Begins a new context: the model is shown only items from <paramref name="seq"/> on.</summary>
    public void BeginContext(long seq) => ContextFrom = seq;

    /// <summary>Marks the session as deleted.</summary>
    public void Delete(DateTimeOffset now)
    {
        Reset(now, forget: true);
        this["Deleted"] = true;
    }

    /// <summary>Nothing is left to sweep.</summary>
    public void Purged() => this["PurgeTo"] = null;

    internal SessionHead Copy() => new(CopyEntity(), _clock);

    /// <summary>Undoes changes that were not stored.</summary>
    internal void Restore(SessionHead before) => Entity = before.Entity;
}
