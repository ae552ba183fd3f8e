namespace OpenClaw.Security.Limits;

/// <summary>What an instance gets for its request: the shared window after it, what it may hand out, and how many instances there
/// are.</summary>
public sealed record RateLease(RateWindow Window, long Granted, int Instances);
