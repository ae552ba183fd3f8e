namespace OpenClaw.Sessions;

/// <summary>A place in a list of sessions, newest first.</summary>
/// <param name="Ticks">UTC, of the last update.</param>
/// <param name="Partition">Decides between sessions of the same time.</param>
public readonly record struct SessionPosition(long Ticks, string Partition)
{
    public static SessionPosition Of(SessionEntry entry) => new(entry.UpdatedAt.UtcTicks, entry.Partition);

    /// <summary>Whether it comes before another one in the list.</summary>
    public bool IsBefore(SessionPosition other) =>
        Ticks != other.Ticks ? Ticks > other.Ticks : string.CompareOrdinal(Partition, other.Partition) < 0;
}
