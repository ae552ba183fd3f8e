namespace OpenClaw.Gateway.Status;

/// <summary>Answer of <c>GET /api/usage</c>.</summary>
/// <param name="From">First UTC day, <c>yyyy-MM-dd</c>.</param>
/// <param name="To">Last UTC day, itself included.</param>
/// <param name="Items">Dearest first; by day in order.</param>
/// <param name="NextCursor">Of a list by session: the <c>cursor</c> of the next page; null at the end.</param>
internal sealed record UsageAnswer(
    string From, string To, string By, IReadOnlyList<UsageItem> Items, UsageItem Total, string? NextCursor);

/// <param name="Name">Agent, caller (<c>operator</c>, <c>key:…</c>, <c>user:…</c>), model, session key or day; null for the total.</param>
/// <param name="SessionId">Distinguishes sessions of one name.</param>
/// <param name="EstimatedTokens">The part of the tokens that no provider reported; cost is made of it as of the rest.</param>
internal sealed record UsageItem(
    string? Name, string? SessionId, long Runs, long InputTokens, long OutputTokens, long CachedTokens, long TotalTokens,
    long EstimatedTokens, decimal CostUsd);
