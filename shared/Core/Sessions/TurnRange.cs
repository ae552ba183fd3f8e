namespace OpenClaw.Sessions;

/// <summary>Where a turn's items stand in its session.</summary>
/// <param name="From">First sequence number.</param>
/// <param name="To">The one after the last.</param>
public sealed record TurnRange(string Partition, long From, long To);
