namespace OpenClaw.Usage;

/// <summary>One line of a report.</summary>
/// <param name="Name">Agent, subject, model, session key or day.</param>
/// <param name="SessionId">Distinguishes sessions of one name; null for all other lines.</param>
public sealed record UsageLine(string Name, string? SessionId, UsageTotals Totals);
