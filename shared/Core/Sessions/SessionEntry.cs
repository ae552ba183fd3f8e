namespace OpenClaw.Sessions;

/// <summary>A session as lists show it.</summary>
public sealed record SessionEntry(
    string Partition, string Owner, string Agent, string Key, string? Title, IReadOnlyList<string> Labels, string? Model,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Turns)
{
    /// <summary>Resets so far.</summary>
    public long Epoch { get; init; }

    public string? Thinking { get; init; }

    public bool IsPinned { get; init; }

    public bool IsArchived { get; init; }
}
