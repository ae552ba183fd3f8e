namespace OpenClaw.Sessions;

/// <summary>The sequence numbers of a turn's items.</summary>
/// <param name="From">First sequence number.</param>
/// <param name="To">The one after the last.</param>
public sealed record TurnRange(string Partition, long From, long To);
