using OpenClaw.Configuration;

namespace OpenClaw.Security.Keys;

/// <summary>A named credential with limits of its own. What it does is owned by it: other keys see none of it.</summary>
public sealed record ApiKey
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required Scope Scopes { get; init; }

    /// <summary>Agents it may run; empty means all.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>What session keys that its callers name must start with; null means nothing in particular.</summary>
    public string? SessionPrefix { get; init; }

    /// <summary>In place of the gateway's limit; 0 is no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    public BudgetSection? Budget { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To about ten seconds.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Of the whole key text.</summary>
    public required Secret Secret { get; init; }

    /// <summary>The secret before the last rotation, valid until <see cref="FormerUntil"/>.</summary>
    public Secret? Former { get; init; }

    public DateTimeOffset? FormerUntil { get; init; }

    /// <summary>Who the caller is that shows it.</summary>
    public string Subject => SubjectOf(Id);

    public static string SubjectOf(string id) => "key:" + id;

    /// <summary>Whether the text is this key's; whether the key still holds is another question.</summary>
    public bool Matches(ReadOnlySpan<char> text, DateTimeOffset now) =>
        Secret.Matches(text) || (Former is not null && FormerUntil > now && Former.Matches(text));

    public bool MayRun(string agent) => Agents.Count == 0 || Agents.Contains(agent, StringComparer.OrdinalIgnoreCase);

    public bool MayName(string session) => SessionPrefix is null || session.StartsWith(SessionPrefix, StringComparison.Ordinal);

    /// <summary>Whether the caller may make or hold this key: it can do nothing that the caller cannot, and many of them no more than
    /// one.</summary>
    public bool IsWithin(Caller caller) => caller.Scopes.Covers(Scopes) && (caller.Key is not { } own || IsWithin(own));

    private bool IsWithin(ApiKey own) =>
        (own.Agents.Count == 0 || (Agents.Count > 0 && Agents.All(own.MayRun)))
        && (own.SessionPrefix is null || (SessionPrefix is not null && own.MayName(SessionPrefix)))
        && (own.ExpiresAt is null || ExpiresAt <= own.ExpiresAt)
        && ((own.RequestsPerMinute is null && own.Budget is null)
            || (Id == own.Id && RequestsPerMinute == own.RequestsPerMinute && Budget == own.Budget));
}
