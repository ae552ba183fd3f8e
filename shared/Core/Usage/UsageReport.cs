using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Usage;

/// <summary>Adds up what all instances have written.</summary>
public sealed class UsageReport(UsageLedger ledger, GatewayStorage storage)
{
    private const int Parallel = 16;

    /// <summary>Totals of the days from first to last by agent, key, model, session or day. The operator sees everything, other callers
    /// what was their own. This instance's count is complete, others' are behind by ten seconds at most.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>, <c>503 storage_not_configured</c>.</exception>
    public async Task<IReadOnlyList<UsageLine>> ReadAsync(
        Caller caller, DateOnly first, DateOnly last, string by, CancellationToken cancellationToken)
    {
        var prefix = UsageKey.Dimension(UsageKey.Viewer(caller), by);
        var days = Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays).ToList();
        var lines = new Dictionary<string, UsageLine>(StringComparer.Ordinal);
        await ledger.WriteAsync(cancellationToken);
        foreach (var some in days.Chunk(Parallel))
        {
            var read = await Task.WhenAll(some.Select(day => ReadDayAsync(UsageKey.Day(day), prefix, cancellationToken)));
            foreach (var (day, rows) in some.Zip(read))
            {
                rows.ForEach(row => Add(lines, row, by, day));
            }
        }

        return by == UsageBy.Day
            ? [.. lines.Values.OrderBy(line => line.Name, StringComparer.Ordinal)]
            : [.. lines.Values.OrderByDescending(line => line.Totals.NanoUsd).ThenByDescending(line => line.Totals.TotalTokens).ThenBy(
                line => line.Name, StringComparer.Ordinal)];
    }

    /// <summary>What the other instances have written of one total.</summary>
    internal async Task<UsageTotals> ReadOthersAsync(UsageKey key, CancellationToken cancellationToken)
    {
        var sum = default(UsageTotals);
        await foreach (var row in storage.Table(UsageLedger.TableName).QueryAsync<UsageRow>(
            TableQuery.WithPrefix(key.Partition, key.Prefix), cancellationToken))
        {
            sum += row.RowKey[key.Prefix.Length..] == ledger.Instance ? default : row.Totals;
        }

        return sum;
    }

    private async Task<List<UsageRow>> ReadDayAsync(string partition, string prefix, CancellationToken cancellationToken)
    {
        var rows = new List<UsageRow>();
        await foreach (var row in storage.Table(UsageLedger.TableName).QueryAsync<UsageRow>(
            TableQuery.WithPrefix(partition, prefix), cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private static void Add(Dictionary<string, UsageLine> lines, UsageRow row, string by, DateOnly day)
    {
        var id = by == UsageBy.Day ? day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : row.Parts[2];
        var line = lines.GetValueOrDefault(id)
            ?? new UsageLine(by == UsageBy.Day ? id : row.Name ?? "", by == UsageBy.Session ? id : null, default);
        lines[id] = line with { Totals = line.Totals + row.Totals };
    }
}
