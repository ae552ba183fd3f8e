using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Keys;

/// <summary>Body of <c>POST /api/keys</c> and <c>PATCH /api/keys/{id}</c>. A field that is absent keeps its value; null clears it. Unknown
/// fields are refused, because a misspelt limit would be no limit.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class ApiKeyFields
{
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    public string? Name { get; set => field = Give(nameof(Name), value); }

    /// <summary>Wire names of scopes.</summary>
    public IReadOnlyList<string>? Scopes { get; set => field = Give(nameof(Scopes), value); }

    /// <summary>Empty means all.</summary>
    public IReadOnlyList<string>? AllowedAgents { get; set => field = Give(nameof(AllowedAgents), value); }

    public string? SessionPrefix { get; set => field = Give(nameof(SessionPrefix), value); }

    /// <summary>0 means no limit, null the gateway's limit.</summary>
    public int? RequestsPerMinute { get; set => field = Give(nameof(RequestsPerMinute), value); }

    public ApiKeyBudget? Budget { get; set => field = Give(nameof(Budget), value); }

    /// <summary>ISO 8601 with an offset.</summary>
    public DateTimeOffset? ExpiresAt { get; set => field = Give(nameof(ExpiresAt), value); }

    public bool Has(string property) => _given.Contains(property);

    private T Give<T>(string name, T value)
    {
        _given.Add(name);
        return value;
    }
}

/// <summary>Caps of a key, by UTC days and months.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ApiKeyBudget(
    decimal? DailyUsd = null, decimal? MonthlyUsd = null, long? DailyTokens = null, long? MonthlyTokens = null);

/// <summary>Body of <c>POST /api/keys/{id}/rotate</c>; may be left out.</summary>
/// <param name="OverlapSeconds">How long the old secret stays valid beside the new one.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RotateApiKeyRequest(int OverlapSeconds = 0);
