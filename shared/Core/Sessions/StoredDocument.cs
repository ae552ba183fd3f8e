namespace OpenClaw.Sessions;

/// <summary>JSON that is stored with a turn, in the same transaction, under a key of the session's partition.</summary>
/// <param name="Key">Row key without part number, such as <c>resp~…</c>.</param>
/// <param name="Properties">Small values to find and check it by.</param>
public sealed record StoredDocument(string Key, string Json, IReadOnlyDictionary<string, object> Properties);

/// <summary>Where a turn's items stand in its session.</summary>
/// <param name="From">First sequence number.</param>
/// <param name="To">The one after the last.</param>
public sealed record TurnRange(string Partition, long From, long To);
