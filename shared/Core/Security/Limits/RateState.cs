namespace OpenClaw.Security.Limits;

/// <summary>What one credential may still do, as this instance knows it, for the headers of an answer.</summary>
/// <param name="Limit">Requests per minute.</param>
/// <param name="Reset">Unix time, seconds, of the next rise of <paramref name="Remaining"/>.</param>
/// <param name="RetryAfter">Null for an admitted request.</param>
public sealed record RateState(long Limit, long Remaining, long Reset, TimeSpan? RetryAfter);
