namespace OpenClaw.Sessions;

/// <summary>What a list shows of a session.</summary>
public sealed record SessionEntry(
    string Partition, string Owner, string Agent, string Key, string? Title, IReadOnlyList<string> Labels, string? Model,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Turns);
