using System.Globalization;
using OpenClaw.Configuration;
using OpenClaw.Storage;

namespace OpenClaw.Security;

/// <summary>How a key is stored: one row, its secrets as hashes.</summary>
internal static class ApiKeyRow
{
    public const string Partition = "keys";

    public static ApiKey Read(TableEntity row) => new()
    {
        Id = row.RowKey,
        Name = row.GetString("Name") ?? "",
        Scopes = (row.GetString("Scopes") ?? "").Split(' ').Aggregate(Scope.None, (all, name) => Security.Scopes.TryParse(name, out var scope) ? all | scope : all),
        Agents = (row.GetString("Agents") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
        SessionPrefix = row.GetString("SessionPrefix"),
        RequestsPerMinute = row.GetInt32("RequestsPerMinute"),
        Budget = ReadBudget(row),
        CreatedAt = row.GetDateTimeOffset("CreatedAt") ?? default,
        ExpiresAt = row.GetDateTimeOffset("ExpiresAt"),
        LastUsedAt = row.GetDateTimeOffset("LastUsedAt"),
        RevokedAt = row.GetDateTimeOffset("RevokedAt"),
        Secret = new Secret(row.GetBytes("Hash") ?? []),
        Former = row.GetBytes("FormerHash") is { } former ? new Secret(former) : null,
        FormerUntil = row.GetDateTimeOffset("FormerUntil"),
    };

    public static TableEntity Write(ApiKey key) => new(Partition, key.Id)
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

    private static BudgetSection? ReadBudget(TableEntity row)
    {
        var budget = new BudgetSection
        {
            DailyUsd = Amount(row.GetString("DailyUsd")),
            MonthlyUsd = Amount(row.GetString("MonthlyUsd")),
            DailyTokens = row.GetInt64("DailyTokens"),
            MonthlyTokens = row.GetInt64("MonthlyTokens"),
        };
        return budget == new BudgetSection() ? null : budget;
    }

    private static decimal? Amount(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
