using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Status;

/// <summary>Usage of runs: the operator sees all of it, other callers their own.</summary>
public sealed class UsageHandler(UsageReport report, TimeProvider time)
{
    private const int DefaultDays = 30;
    private const int MaxDays = 366;
    private const int DefaultPage = 200;
    private const int MaxPage = 1_000;

    private static readonly string[] Dimensions = [UsageBy.Agent, UsageBy.Key, UsageBy.Day, UsageBy.Session, UsageBy.Model];

    /// <exception cref="GatewayException"><c>400 invalid_value</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var last = ReadDay(request, "to") ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var first = ReadDay(request, "from") ?? last.AddDays(1 - Math.Min(DefaultDays, last.DayNumber + 1));
        if (first > last || last.DayNumber - first.DayNumber >= MaxDays)
        {
            throw new GatewayException(GatewayError.InvalidValue("from", $"a day before 'to', at most {MaxDays} days in all."));
        }

        var by = PageQuery.ReadText(request.Query, "by") is { } asked ? asked : UsageBy.Day;
        if (!Dimensions.Contains(by))
        {
            throw new GatewayException(GatewayError.InvalidValue("by", $"one of {string.Join(", ", Dimensions)}."));
        }

        var caller = request.RequireCaller();
        var (items, next) = by == UsageBy.Session ? await ReadSessionsAsync(request, first, last, cancellationToken)
            : (await report.ReadAsync(caller, first, last, by, cancellationToken), null);
        var summed = by == UsageBy.Session ? await report.ReadAsync(caller, first, last, UsageBy.Day, cancellationToken) : items;
        var total = summed.Aggregate(default(UsageTotals), (sum, line) => sum + line.Totals);
        return new ApiResult<UsageAnswer>(
            new UsageAnswer(
                Format(first), Format(last), by, [.. items.Select(l => Describe(l.Name, l.SessionId, l.Totals))],
                Describe(null, null, total), next),
            StatusJson.Default.UsageAnswer);
    }

    private Task<(IReadOnlyList<UsageLine> Lines, string? Next)> ReadSessionsAsync(
        HttpRequest request, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        var after = PageQuery.ReadText(request.Query, "cursor");
        return after is null || SessionKey.IsPartition(after)
            ? report.ReadSessionsAsync(
                request.RequireCaller(), first, last, after, PageQuery.ReadLimit(request.Query, DefaultPage, MaxPage), cancellationToken)
            : throw new GatewayException(GatewayError.InvalidValue("cursor", "it must come from the page before."));
    }

    private static DateOnly? ReadDay(HttpRequest request, string name) =>
        request.Query[name].ToString() is not { Length: > 0 } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new GatewayException(GatewayError.InvalidValue(name, "a day as YYYY-MM-DD."));

    private static UsageItem Describe(string? name, string? sessionId, UsageTotals totals) => new(
        name, sessionId, totals.Runs, totals.InputTokens, totals.OutputTokens, totals.CachedTokens, totals.TotalTokens,
        totals.EstimatedTokens, totals.CostUsd);

    private static string Format(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
