namespace OpenClaw.Sessions;

/// <summary>The first request under an idempotency key.</summary>
/// <param name="Name">The id that its front gave to what it makes; null where it gives none.</param>
public sealed record IdempotencyClaim(string RunId, SessionKey Session, string? Name, DateTimeOffset CreatedAt, bool IsNew);
