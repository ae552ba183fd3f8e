using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Storage;

namespace OpenClaw.Usage;

/// <summary>
/// Refuses a run whose agent or named key has used up its budget. What this instance counted is known to the run; what others did is read
/// every ten seconds, and they write as often. Runs under way count when they end, so a cap is overshot by those. While storage is down
/// what was last known of others goes on to count.
/// </summary>
public sealed partial class BudgetGuard(
    UsageLedger ledger, UsageReport reader, GatewayStorage storage, GatewayConfigStore config, TimeProvider time,
        ILogger<BudgetGuard> logger)
{
    private const int MaxSums = 10_000;

    private static readonly TimeSpan RefreshAge = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<UsageKey, Sum> _sums = new();
    private readonly ConcurrentDictionary<UsageKey, Task> _reading = new();

    /// <param name="agent">Null where none is involved.</param>
    /// <exception cref="GatewayException"><c>402 budget_exceeded</c>, <c>429 token_budget_exceeded</c>.</exception>
    public async ValueTask CheckAsync(string? agent, Caller caller, CancellationToken cancellationToken)
    {
        if (agent is not null && BudgetOf(agent) is { } budget)
        {
            await CheckAsync(budget, UsageBy.Agent, agent, $"agent '{agent}'", cancellationToken);
        }

        if (caller.Key?.Budget is { } own)
        {
            await CheckAsync(own, UsageBy.Key, caller.Subject, "this API key", cancellationToken);
        }
    }

    private BudgetSection? BudgetOf(string agent)
    {
        var agents = config.Current.Agents;
        return agents.Entries.GetValueOrDefault(agent)?.Budget ?? agents.Defaults.Budget;
    }

    private async Task CheckAsync(BudgetSection budget, string by, string name, string what, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var firstOfMonth = midnight.AddDays(1 - midnight.Day);
        if (budget is not { DailyUsd: null, DailyTokens: null })
        {
            var used = await TotalAsync(UsageKey.Budget(UsageKey.Day(now), by, name), cancellationToken);
            Check(used, budget.DailyUsd, budget.DailyTokens, "daily", what, midnight.AddDays(1), now);
        }

        if (budget is not { MonthlyUsd: null, MonthlyTokens: null })
        {
            var used = await TotalAsync(UsageKey.Budget(UsageKey.Month(now), by, name), cancellationToken);
            Check(used, budget.MonthlyUsd, budget.MonthlyTokens, "monthly", what, firstOfMonth.AddMonths(1), now);
        }
    }

    private static void Check(
        UsageTotals used, decimal? dollars, long? tokens, string period, string what, DateTimeOffset end, DateTimeOffset now)
    {
        var until = end.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        if (used.CostUsd >= dollars)
        {
            throw new GatewayException(GatewayError.BudgetExceeded($"The {period} spending cap of {what} is used up until {until}."));
        }

        if (used.TotalTokens >= tokens)
        {
            throw new GatewayException(
                GatewayError.TokenBudgetExceeded($"The {period} token budget of {what} is used up until {until}.", end - now));
        }
    }

    private async ValueTask<UsageTotals> TotalAsync(UsageKey key, CancellationToken cancellationToken)
    {
        if (!storage.IsConfigured)
        {
            return ledger.Own(key);
        }

        var age = _sums.TryGetValue(key, out var sum) ? (time.GetUtcNow() - sum.At).Duration() : TimeSpan.MaxValue;
        if (age > RefreshAge)
        {
            var reading = _reading.GetOrAdd(key, static (k, guard) => guard.RefreshAsync(k), this);
            if (age > MaxAge)
            {
                await reading.WaitAsync(cancellationToken);
            }
        }

        return (_sums.TryGetValue(key, out sum) ? sum.Others : default) + ledger.Own(key);
    }

    /// <summary>Never fails: what cannot be read stays as it was, and is asked for again when it is as old.</summary>
    private async Task RefreshAsync(UsageKey key)
    {
        await Task.Yield(); // the task is in the list before it can leave it
        var at = time.GetUtcNow();
        if (_sums.Count >= MaxSums)
        {
            _sums.Clear(); // mostly of past days
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            _sums[key] = new Sum(await reader.ReadOthersAsync(key, patience.Token), at);
        }
        catch (Exception failure) when (failure is StorageException or OperationCanceledException)
        {
            _sums[key] = new Sum(_sums.TryGetValue(key, out var last) ? last.Others : default, at);
            LogUnavailable(failure);
        }
        finally
        {
            _reading.TryRemove(key, out _);
        }
    }

    private sealed record Sum(UsageTotals Others, DateTimeOffset At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Budgets are checked against what was last known: storage does not answer")]
    private partial void LogUnavailable(Exception failure);
}
