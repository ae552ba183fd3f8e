namespace OpenClaw.Sessions;

/// <summary>An item with its place in its session.</summary>
/// <param name="Seq">Sequence number; the items of a turn too large for single rows share one.</param>
/// <param name="At">When it was stored.</param>
public sealed record StoredItem(long Seq, DateTimeOffset? At, ConversationItem Item);
