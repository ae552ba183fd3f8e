using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Configuration;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Security.Keys;

/// <summary>How a key is stored: one row, its secrets as hashes.</summary>
internal sealed class ApiKeyRow : TableRow, ITableRow<ApiKeyRow>
{
    public const string Partition = "keys";

    private ApiKeyRow(TableEntity entity)
        : base(entity)
    {
    }

    private ApiKeyRow(string id)
        : base(Partition, id)
    {
    }

    public static ApiKeyRow Read(TableEntity entity, StorageClock clock) => new(entity);

    /// <summary>To be merged over the key's row.</summary>
    public static ApiKeyRow Used(string id, DateTimeOffset at) => new(id) { ["LastUsedAt"] = at };

    public ApiKey ToKey() => new()
    {
        Id = RowKey,
        Name = Text("Name") ?? "",
        Scopes = (Text("Scopes") ?? "").Split(' ').Aggregate(
            Scope.None, (all, name) => Security.Scopes.TryParse(name, out var scope) ? all | scope : all),
        Agents = (Text("Agents") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
        SessionPrefix = Text("SessionPrefix"),
        RequestsPerMinute = Int("RequestsPerMinute"),
        Budget = ReadBudget(),
        CreatedAt = Time("CreatedAt") ?? default,
        ExpiresAt = Time("ExpiresAt"),
        LastUsedAt = Time("LastUsedAt"),
        RevokedAt = Time("RevokedAt"),
        Secret = new Secret(Bytes("Hash") ?? []),
        Former = Bytes("FormerHash") is { } former ? new Secret(former) : null,
        FormerUntil = Time("FormerUntil"),
    };

    public static ApiKeyRow Of(ApiKey key) => new(key.Id)
    {
        ["Name"] = key.Name,
        ["Scopes"] = string.Join(' ', Security.Scopes.ListNames(key.Scopes)),
        ["Agents"] = key.Agents.Count == 0 ? null : string.Join(' ', key.Agents),
        ["SessionPrefix"] = key.SessionPrefix,
        ["RequestsPerMinute"] = key.RequestsPerMinute,
        ["DailyUsd"] = key.Budget?.DailyUsd?.ToString(CultureInfo.InvariantCulture),
        ["MonthlyUsd"] = key.Budget?.MonthlyUsd?.ToString(CultureInfo.InvariantCulture),
        ["DailyTokens"] = key.Budget?.DailyTokens,
        ["MonthlyTokens"] = key.Budget?.MonthlyTokens,
        ["CreatedAt"] = key.CreatedAt,
        ["ExpiresAt"] = key.ExpiresAt,
        ["LastUsedAt"] = key.LastUsedAt,
        ["RevokedAt"] = key.RevokedAt,
        ["Hash"] = key.Secret.Hash.ToArray(),
        ["FormerHash"] = key.Former?.Hash.ToArray(),
        ["FormerUntil"] = key.FormerUntil,
    };

    private BudgetSection? ReadBudget()
    {
        var budget = new BudgetSection
        {
            DailyUsd = Amount(Text("DailyUsd")),
            MonthlyUsd = Amount(Text("MonthlyUsd")),
            DailyTokens = Long("DailyTokens"),
            MonthlyTokens = Long("MonthlyTokens"),
        };
        return budget == new BudgetSection() ? null : budget;
    }

    private static decimal? Amount(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
