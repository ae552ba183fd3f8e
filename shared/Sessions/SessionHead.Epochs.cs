using OpenClaw.Storage;

namespace OpenClaw.Sessions;

/// <summary>Where a session's conversation begins. What lies before stays stored: a reset keeps the old transcript, a compaction
/// the words it stands for.</summary>
public sealed partial class SessionHead
{
    public string Owner => Row.GetString("Owner") ?? "";

    public string Agent => Row.GetString("Agent") ?? "";

    public string Key => Row.GetString("Key") ?? "";

    /// <summary>Resets so far.</summary>
    public long Epoch { get => Row.GetInt64("Epoch") ?? 0; private set => Row["Epoch"] = value; }

    /// <summary>First sequence number since the last reset.</summary>
    public long EpochFrom { get => Row.GetInt64("EpochFrom") ?? 0; private set => Row["EpochFrom"] = value; }

    /// <summary>First sequence number that the model is shown.</summary>
    public long ContextFrom { get => Row.GetInt64("ContextFrom") ?? 0; private set => Row["ContextFrom"] = value; }

    /// <summary>Sequence numbers below are to be swept away.</summary>
    public long PurgeTo { get => Row.GetInt64("PurgeTo") ?? 0; private set => Row["PurgeTo"] = value; }

    /// <summary>Nothing was said since the last reset.</summary>
    public bool IsEmpty => NextSeq == EpochFrom;

    /// <summary>True for what is left of a deleted session until it is swept away.</summary>
    public bool IsDeleted => Row.GetBoolean("Deleted") == true;

    public DateTimeOffset? CreatedAt => Row.GetDateTimeOffset("CreatedAt");

    /// <summary>When a turn was last committed.</summary>
    public DateTimeOffset? UpdatedAt => Row.GetDateTimeOffset("UpdatedAt");

    public string? Title => Row.GetString("Title");

    /// <summary>The model in place of the agent's own.</summary>
    public string? Model => Row.GetString("Model");

    /// <summary>How hard the model thinks, such as <c>high</c>.</summary>
    public string? Thinking => Row.GetString("Thinking");

    public IReadOnlyList<string> Labels => Row.GetString("Labels") is { Length: > 0 } labels ? labels.Split('\n') : [];

    /// <summary>Sets one of the properties that a caller may choose; null removes it.</summary>
    public void Set(string name, string? value) => Row[name] = value;

    /// <summary>Leaves what was said behind.</summary>
    /// <param name="forget">Whether it is to be swept away, not kept.</param>
    public void BeginEpoch(DateTimeOffset now, bool forget)
    {
        Epoch++;
        EpochFrom = NextSeq;
        ContextFrom = NextSeq;
        Row["UpdatedAt"] = now;
        if (forget)
        {
            PurgeTo = NextSeq;
            Row["CreatedAt"] = now;
            Row["Deleted"] = null;
            Row["Title"] = null;
            Row["Model"] = null;
            Row["Thinking"] = null;
            Row["Labels"] = null;
        }
    }

    /// <summary>From now on the model is shown only what stands at <paramref name="seq"/> and after it.</summary>
    public void BeginContext(long seq) => ContextFrom = seq;

    /// <summary>Makes it a tombstone.</summary>
    public void Delete(DateTimeOffset now)
    {
        BeginEpoch(now, forget: true);
        Row["Deleted"] = true;
    }

    /// <summary>Nothing is left to sweep.</summary>
    public void Purged() => Row["PurgeTo"] = null;

    internal TableEntity Copy()
    {
        var copy = new TableEntity(Row.PartitionKey, Row.RowKey);
        foreach (var (name, value) in Row.Properties)
        {
            copy[name] = value;
        }

        return copy;
    }

    /// <summary>Takes back changes that were not stored.</summary>
    internal void Restore(TableEntity row) => Row = row;
}
