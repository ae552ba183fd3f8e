namespace OpenClaw.Sessions;

/// <summary>JSON that is stored with a turn, in the same transaction, under a key of the session's partition.</summary>
/// <param name="Key">Row key without part number, such as <c>resp~…</c>.</param>
/// <param name="Properties">Small values by which it is found and checked.</param>
public sealed record StoredDocument(string Key, string Json, IReadOnlyDictionary<string, object> Properties);
