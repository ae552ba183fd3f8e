namespace OpenClaw.Gateway.Keys;

/// <summary>A named key as <c>/api/keys</c> shows it.</summary>
/// <param name="Key">The key itself; only in the answer of create and rotate.</param>
/// <param name="Status"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="AllowedAgents">Empty means all.</param>
/// <param name="LastUsedAt">Accurate to about ten seconds.</param>
internal sealed record ApiKeyInfo(
    string Id, string Name, string? Key, string Status, IReadOnlyList<string> Scopes, IReadOnlyList<string> AllowedAgents,
        string? SessionPrefix,
    int? RequestsPerMinute, ApiKeyBudget? Budget, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt);

/// <param name="NextCursor">Leads to the next page; absent on the last one.</param>
internal sealed record ApiKeyList(IReadOnlyList<ApiKeyInfo> Keys, string? NextCursor);
