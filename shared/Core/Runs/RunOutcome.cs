using OpenClaw.Sessions;

namespace OpenClaw.Runs;

/// <summary>What a run came to, before it is announced.</summary>
public sealed record RunOutcome(IReadOnlyList<ConversationItem> Input, IReadOnlyList<ConversationItem> Output, RunEnded End);
