using System.Globalization;
using OpenClaw.Configuration;
using OpenClaw.Errors;

namespace OpenClaw.Security.Keys;

/// <summary>A named credential with limits of its own. What it does is owned by it: other keys see none of it.</summary>
public sealed record ApiKey
{
    private const string SubjectPrefix = "key:";

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

    public static string SubjectOf(string id) => SubjectPrefix + id;

    /// <summary>The id of the key that a subject names; null when it names none.</summary>
    public static string? IdOfSubject(string subject) =>
        subject.StartsWith(SubjectPrefix, StringComparison.Ordinal) ? subject[SubjectPrefix.Length..] : null;

    /// <summary>Whether the secret is this key's now; <see cref="CheckValid"/> says whether the key still holds.</summary>
    public bool Holds(Secret shown, DateTimeOffset now) =>
        Secret.IsSame(shown) || (Former is not null && FormerUntil > now && Former.IsSame(shown));

    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>: revoked or expired.</exception>
    public void CheckValid(DateTimeOffset now)
    {
        if (RevokedAt is not null)
        {
            throw new GatewayException(GatewayError.Unauthorized("This API key has been revoked."));
        }

        if (ExpiresAt <= now)
        {
            throw new GatewayException(GatewayError.Unauthorized(string.Create(
                CultureInfo.InvariantCulture, $"This API key expired at {ExpiresAt.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}.")));
        }
    }

    /// <summary>The error for a key that does not exist, or whose secret is another one.</summary>
    public static GatewayError Unknown() => GatewayError.Unauthorized("This API key does not exist, or its secret has been replaced.");

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
