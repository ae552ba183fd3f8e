namespace OpenClaw.Sessions;

/// <summary>The first request under an idempotency key.</summary>
/// <param name="Name">The id of what the request makes, such as a response; null when it has none.</param>
public sealed record IdempotencyClaim(string RunId, SessionKey Session, string? Name, DateTimeOffset CreatedAt, bool IsNew);
