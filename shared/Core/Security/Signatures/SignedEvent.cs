namespace OpenClaw.Security.Signatures;

/// <summary>What a verified request says about its event.</summary>
/// <param name="Id">The sender's id of the event, the same when it is delivered again; null where the sender gives none.</param>
public sealed record SignedEvent(string? Id);
