namespace OpenClaw.Sessions.Rows;

/// <summary>Where a session's conversation begins. What lies before stays stored: a reset keeps the old transcript, a compaction
/// the words it stands for.</summary>
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

    /// <summary>Sequence numbers below are to be swept away.</summary>
    public long PurgeTo { get => Long("PurgeTo") ?? 0; private set => this["PurgeTo"] = value; }

    /// <summary>Nothing was said since the last reset.</summary>
    public bool IsEmpty => NextSeq == EpochFrom;

    /// <summary>True for what is left of a deleted session until it is swept away.</summary>
    public bool IsDeleted => Flag("Deleted");

    public DateTimeOffset? CreatedAt => Time("CreatedAt");

    /// <summary>When a turn was last committed.</summary>
    public DateTimeOffset? UpdatedAt => Time("UpdatedAt");

    public string? Title => Text("Title");

    /// <summary>The model in place of the agent's own.</summary>
    public string? Model => Text("Model");

    /// <summary>How hard the model thinks, such as <c>high</c>.</summary>
    public string? Thinking => Text("Thinking");

    public IReadOnlyList<string> Labels => Text("Labels") is { Length: > 0 } labels ? labels.Split('\n') : [];

    /// <summary>Sets one of the properties that a caller may choose; null removes it.</summary>
    public void Set(string name, string? value) => this[name] = value;

    /// <summary>Leaves what was said behind.</summary>
    /// <param name="forget">Whether it is to be swept away, not kept.</param>
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
        }
    }

    /// <summary>From now on the model is shown only what stands at <paramref name="seq"/> and after it.</summary>
    public void BeginContext(long seq) => ContextFrom = seq;

    /// <summary>Makes it a tombstone.</summary>
    public void Delete(DateTimeOffset now)
    {
        Reset(now, forget: true);
        this["Deleted"] = true;
    }

    /// <summary>Nothing is left to sweep.</summary>
    public void Purged() => this["PurgeTo"] = null;

    internal SessionHead Copy() => new(CopyEntity(), _clock);

    /// <summary>Takes back changes that were not stored.</summary>
    internal void Restore(SessionHead before) => Entity = before.Entity;
}
