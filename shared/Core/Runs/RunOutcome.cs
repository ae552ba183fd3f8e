using OpenClaw.Sessions;

namespace OpenClaw.Runs;

/// <summary>The input, output and end of a run, before they are stored.</summary>
public sealed record RunOutcome(IReadOnlyList<ConversationItem> Input, IReadOnlyList<ConversationItem> Output, RunEnded End);
