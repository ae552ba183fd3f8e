using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;
using OpenClaw.Security.Keys;

namespace OpenClaw.Gateway.Keys;

/// <summary>Named keys: made, listed, changed, rotated, revoked.</summary>
public sealed class ApiKeysHandler(ApiKeyStore keys, AgentCatalog agents, TimeProvider time)
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxName = 100;
    private const int MaxPrefix = 256;
    private const int MaxAgents = 200;
    private const int MaxRate = 1_000_000;
    private const int DefaultList = 100;
    private const int MaxList = 1_000;

    private static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(7);

    /// <exception cref="GatewayException"><c>400</c>, <c>403 forbidden</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var fields = await request.ReadJsonAsync(KeysJson.Default.ApiKeyFields, MaxBodyBytes, cancellationToken);
        if (fields.Name is null)
        {
            throw new GatewayException(GatewayError.MissingField("name"));
        }

        if (fields.Scopes is null)
        {
            throw new GatewayException(GatewayError.MissingField("scopes"));
        }

        var minted = await keys.CreateAsync(request.RequireCaller(), key => Apply(fields, key), cancellationToken);
        return Show(minted.Key, minted.Text, StatusCodes.Status201Created);
    }

    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var limit = PageQuery.ReadLimit(request.Query, DefaultList, MaxList);
        var after = PageQuery.ReadText(request.Query, "cursor");
        if (after is not null && !ApiKeyText.IsId(after))
        {
            throw Invalid("cursor", "it must come from the page before.");
        }

        var (found, hasMore) = await keys.ListAsync(request.RequireCaller(), limit, after, cancellationToken);
        return new ApiResult<ApiKeyList>(
            new ApiKeyList([.. found.Select(key => Describe(key))], hasMore ? found[^1].Id : null), KeysJson.Default.ApiKeyList);
    }

    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 key_not_found</c>.</exception>
    public async Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        Show(await keys.GetAsync(request.RequireCaller(), id, cancellationToken));

    /// <exception cref="GatewayException"><c>400</c>, <c>403 forbidden</c>, <c>404 key_not_found</c>, <c>409 key_revoked</c>.</exception>
    public async Task<IResult> ChangeAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var fields = await request.ReadJsonAsync(KeysJson.Default.ApiKeyFields, MaxBodyBytes, cancellationToken);
        return Show(await keys.ChangeAsync(request.RequireCaller(), id, key => Apply(fields, key), cancellationToken));
    }

    /// <exception cref="GatewayException"><c>400</c>, <c>403 forbidden</c>, <c>404 key_not_found</c>, <c>409 key_revoked</c>.</exception>
    public async Task<IResult> RotateAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var hasBody = request.ContentLength is not 0
            && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false;
        var body = hasBody
            ? await request.ReadJsonAsync(KeysJson.Default.RotateApiKeyRequest, MaxBodyBytes, cancellationToken)
            : new RotateApiKeyRequest();
        if (body.OverlapSeconds < 0 || body.OverlapSeconds > MaxOverlap.TotalSeconds)
        {
            throw Invalid("overlapSeconds", $"0 to {MaxOverlap.TotalSeconds}.");
        }

        var minted = await keys.RotateAsync(request.RequireCaller(), id, TimeSpan.FromSeconds(body.OverlapSeconds), cancellationToken);
        return Show(minted.Key, minted.Text);
    }

    /// <exception cref="GatewayException"><c>403 forbidden</c>, <c>404 key_not_found</c>.</exception>
    public async Task<IResult> RevokeAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        Show(await keys.RevokeAsync(request.RequireCaller(), id, cancellationToken));

    private ApiKey Apply(ApiKeyFields fields, ApiKey key)
    {
        if (fields.Has(nameof(fields.Name)))
        {
            key = key with
            {
                Name = IsText(fields.Name, MaxName) ? fields.Name!.Trim()
                : throw Invalid("name", $"1 to {MaxName} printable characters.")
            };
        }

        if (fields.Has(nameof(fields.Scopes)))
        {
            key = key with { Scopes = ReadScopes(fields.Scopes) };
        }

        if (fields.Has(nameof(fields.AllowedAgents)))
        {
            key = key with { Agents = ReadAgents(fields.AllowedAgents ?? []) };
        }

        if (fields.Has(nameof(fields.SessionPrefix)))
        {
            key = key with
            {
                SessionPrefix = fields.SessionPrefix is null || IsText(fields.SessionPrefix, MaxPrefix)
                    ? fields.SessionPrefix?.Trim()
                    : throw Invalid("sessionPrefix", $"1 to {MaxPrefix} printable characters, or null."),
            };
        }

        if (fields.Has(nameof(fields.RequestsPerMinute)))
        {
            key = key with
            {
                RequestsPerMinute = fields.RequestsPerMinute is null or (>= 0 and <= MaxRate)
                    ? fields.RequestsPerMinute
                    : throw Invalid("requestsPerMinute", $"0 to {MaxRate}, or null."),
            };
        }

        if (fields.Has(nameof(fields.Budget)))
        {
            key = key with { Budget = ReadBudget(fields.Budget) };
        }

        if (fields.Has(nameof(fields.ExpiresAt)))
        {
            key = key with
            {
                ExpiresAt = fields.ExpiresAt is { } at && at <= time.GetUtcNow()
                ? throw Invalid("expiresAt", "a time to come.") : fields.ExpiresAt
            };
        }

        return key;
    }

    private static Scope ReadScopes(IReadOnlyList<string>? names)
    {
        if (names is null or [])
        {
            throw Invalid("scopes", "at least one scope.");
        }

        var scopes = Scope.None;
        for (var i = 0; i < names.Count; i++)
        {
            scopes |= Scopes.TryParse(names[i], out var scope) ? scope : throw Invalid($"scopes[{i}]", "no such scope.");
        }

        return scopes;
    }

    private List<string> ReadAgents(IReadOnlyList<string> ids)
    {
        if (ids.Count > MaxAgents)
        {
            throw Invalid("allowedAgents", $"at most {MaxAgents} agents.");
        }

        return [.. ids.Select(
            (id, i) => id is not null && agents.Find(id) is { } agent ? agent.Id : throw Invalid($"allowedAgents[{i}]", "no such agent."))];
    }

    private static BudgetSection? ReadBudget(ApiKeyBudget? budget)
    {
        if (budget is { DailyUsd: < 0 } or { MonthlyUsd: < 0 } or { DailyTokens: < 0 } or { MonthlyTokens: < 0 })
        {
            throw Invalid("budget", "amounts of 0 or more.");
        }

        var section = new BudgetSection
        {
            DailyUsd = budget?.DailyUsd,
            MonthlyUsd = budget?.MonthlyUsd,
            DailyTokens = budget?.DailyTokens,
            MonthlyTokens = budget?.MonthlyTokens,
        };
        return section == new BudgetSection() ? null : section;
    }

    private static bool IsText(string? text, int most) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= most && !text.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    private ApiResult<ApiKeyInfo> Show(ApiKey key, string? text = null, int status = StatusCodes.Status200OK) =>
        new(Describe(key, text), KeysJson.Default.ApiKeyInfo, status);

    private ApiKeyInfo Describe(ApiKey key, string? text = null) => new(
        key.Id, key.Name, text,
        key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= time.GetUtcNow() ? "expired" : "active",
        Scopes.ListNames(key.Scopes), key.Agents, key.SessionPrefix, key.RequestsPerMinute,
        key.Budget is { } budget ? new ApiKeyBudget(budget.DailyUsd, budget.MonthlyUsd, budget.DailyTokens, budget.MonthlyTokens) : null,
        key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RevokedAt);

    private static GatewayException Invalid(string param, string message) => new(GatewayError.InvalidValue(param, message));
}
