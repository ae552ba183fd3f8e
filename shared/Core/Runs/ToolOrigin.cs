namespace OpenClaw.Runs;

/// <summary>Who wrote on which channel.</summary>
/// <param name="Channel">Such as <c>telegram</c>.</param>
/// <param name="Sender">The platform's id of the person.</param>
/// <param name="To">The person or chat that gets the answer.</param>
public sealed record ToolOrigin(string Channel, string? Account, string? Sender, string? To, string? Thread);
