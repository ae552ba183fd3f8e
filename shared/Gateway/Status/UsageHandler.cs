using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Status;

/// <summary>Usage of runs: the operator sees all of it, other callers their own.</summary>
public sealed class UsageHandler(UsageReport report, TimeProvider time)
{
    private const int DefaultDays = 30;
    private const int MaxDays = 366;

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

        var lines = await report.ReadAsync(request.RequireCaller(), first, last, by, cancellationToken);
        var total = lines.Aggregate(default(UsageTotals), (sum, line) => sum + line.Totals);
        return new ApiResult<UsageAnswer>(
            new UsageAnswer(Format(first), Format(last), by, [.. lines.Select(l => Describe(l.Name, l.SessionId, l.Totals))], Describe(
                null, null, total)),
            StatusJson.Default.UsageAnswer);
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
