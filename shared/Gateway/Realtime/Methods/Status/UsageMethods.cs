using System.Globalization;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

/// <summary><c>usage.*</c> and <c>sessions.usage</c>: tokens and dollars. The operator sees everything, other callers what was their
/// own.</summary>
internal sealed class UsageMethods(UsageReport usage, SessionIndex index, TimeProvider time) : IControlMethods
{
    private const int DefaultDays = 30;

    private const int MaxDays = 366;

    private const int DefaultSessions = 100;

    public void AddTo(MethodTable table)
    {
        var json = StatusMethodsJson.Default;
        table.Add("usage.cost", Scope.OperatorRead, json.UsageCostParams, json.UsageCostResult, CostAsync);
        table.Add("usage.status", Scope.OperatorRead, json.EmptyParams, json.UsageStatusResult,
            (_, _, _) => Task.FromResult(new UsageStatusResult(Now, [])));
        table.Add("sessions.usage", Scope.OperatorRead, json.SessionsUsageParams, json.SessionsUsageResult, ListSessionsAsync);
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private async Task<UsageCostResult> CostAsync(ControlCall call, UsageCostParams given, CancellationToken cancellationToken)
    {
        var days = given.Days ?? DefaultDays;
        var lines = await usage.ReadAsync(call.Caller, Today.AddDays(1 - days), Today, UsageBy.Day, cancellationToken);
        return new UsageCostResult(Now, days, Daily(lines), Sum(lines));
    }

    private async Task<SessionsUsageResult> ListSessionsAsync(
        ControlCall call, SessionsUsageParams given, CancellationToken cancellationToken)
    {
        var caller = call.Caller;
        var last = ReadDate(given.EndDate, "endDate") ?? Today;
        var first = ReadDate(given.StartDate, "startDate") ?? last.AddDays(1 - DefaultDays);
        if (first > last || last.DayNumber - first.DayNumber >= MaxDays)
        {
            throw RpcException.Invalid($"invalid sessions.usage params: startDate must be 0 to {MaxDays - 1} days before endDate");
        }

        var entries = (await index.ListNewestAsync(caller.IsOperator ? null : caller.Subject, cancellationToken))
            .ToDictionary(entry => entry.Partition, StringComparer.Ordinal);
        var sessions = (await usage.ReadAsync(caller, first, last, UsageBy.Session, cancellationToken))
            .Select(line => Describe(caller, line, entries.GetValueOrDefault(line.SessionId!)))
            .Where(row => given.Key is null || row.Key == given.Key)
            .Where(row => given.AgentId is null || row.AgentId == given.AgentId).ToList();
        var days = await usage.ReadAsync(caller, first, last, UsageBy.Day, cancellationToken);
        var models = await usage.ReadAsync(caller, first, last, UsageBy.Model, cancellationToken);
        var agents = await usage.ReadAsync(caller, first, last, UsageBy.Agent, cancellationToken);
        return new SessionsUsageResult(
            Now, Name(first), Name(last), [.. sessions.Take(given.Limit ?? DefaultSessions)], Sum(days),
            new UsageAggregates(
                sessions.Count,
                [.. models.Select(line => new UsageGroup(line.Totals.Runs, UsageCost.Of(line.Totals))
                {
                    Provider = line.Name.Split('/')[0],
                    Model = line.Name[(line.Name.IndexOf('/', StringComparison.Ordinal) + 1)..],
                })],
                [.. models.GroupBy(line => line.Name.Split('/')[0]).Select(group =>
                    new UsageGroup(group.Sum(line => line.Totals.Runs), Sum(group)) { Provider = group.Key })],
                [.. agents.Select(line => new UsageGroup(line.Totals.Runs, UsageCost.Of(line.Totals)) { AgentId = line.Name })],
                Daily(days)));
    }

    private static SessionUsage Describe(Caller caller, UsageLine line, SessionEntry? entry)
    {
        var name = entry is null ? line.Name : SessionNames.NameFor(caller, new SessionKey(entry.Owner, entry.Agent, entry.Key));
        return new SessionUsage(
            name, SessionView.IdOf(line.SessionId!, entry?.Epoch ?? 0),
            entry?.Agent ?? (name.Split(':') is ["agent", var agent, ..] ? agent : ""),
            UsageCost.Of(line.Totals))
        {
            Label = entry?.Title,
            UpdatedAt = entry?.UpdatedAt.ToUnixTimeMilliseconds(),
        };
    }

    private static List<UsageCost> Daily(IEnumerable<UsageLine> lines) =>
        [.. lines.Select(line => UsageCost.Of(line.Totals) with { Date = line.Name })];

    private static UsageCost Sum(IEnumerable<UsageLine> lines) =>
        UsageCost.Of(lines.Aggregate(default(UsageTotals), (sum, line) => sum + line.Totals));

    private static string Name(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? ReadDate(string? text, string name) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw RpcException.Invalid($"invalid sessions.usage params: at /{name}: must be a date such as 2030-01-31");
}
