using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Usage;

/// <summary>Adds up what all instances have written.</summary>
public sealed class UsageReport(UsageLedger ledger, GatewayStorage storage)
{
    private const int Parallel = 16;

    /// <summary>Totals of the days from first to last by agent, key, model or day. The operator sees everything, other callers
    /// what was their own. This instance's count is complete, others' are behind by ten seconds at most.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>, <c>503 storage_not_configured</c>.</exception>
    public async Task<IReadOnlyList<UsageLine>> ReadAsync(
        Caller caller, DateOnly first, DateOnly last, string by, CancellationToken cancellationToken)
    {
        var prefix = UsageKey.Dimension(UsageKey.Viewer(caller), by);
        var lines = new Dictionary<string, UsageLine>(StringComparer.Ordinal);
        await ledger.WriteAsync(cancellationToken);
        foreach (var some in UsageKey.Days(first, last).Chunk(Parallel))
        {
            var read = await Task.WhenAll(some.Select(day => ReadDayAsync(UsageKey.Day(day), prefix, cancellationToken)));
            foreach (var (day, rows) in some.Zip(read))
            {
                rows.ForEach(row => Add(lines, row, by, day));
            }
        }

        return by == UsageBy.Day ? [.. lines.Values.OrderBy(line => line.Name, StringComparer.Ordinal)] : Sort(lines.Values);
    }

    /// <summary>One page of the totals by session. The pages are in the order of the sessions' ids, the lines of one page dearest
    /// first.</summary>
    /// <param name="after">The last session of the page before; null begins with the first.</param>
    /// <param name="limit">How many sessions.</param>
    /// <returns>The lines, and the session after which the next page begins; null at the end.</returns>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<(IReadOnlyList<UsageLine> Lines, string? Next)> ReadSessionsAsync(
        Caller caller, DateOnly first, DateOnly last, string? after, int limit, CancellationToken cancellationToken)
    {
        var prefix = UsageKey.Dimension(UsageKey.Viewer(caller), UsageBy.Session);
        await ledger.WriteAsync(cancellationToken);
        await using var rows = new UsageRowMerge(
            storage.Table(UsageLedger.TableName), UsageKey.Days(first, last), prefix, after, Parallel, cancellationToken);
        await rows.BeginAsync();
        var lines = new Dictionary<string, UsageLine>(StringComparer.Ordinal);
        string? session = null;
        while (rows.Current is { } row)
        {
            if (row.Parts[2] != session && lines.Count == limit)
            {
                return (Sort(lines.Values), session);
            }

            session = row.Parts[2];
            Add(lines, row, UsageBy.Session, first);
            await rows.MoveNextAsync();
        }

        return (Sort(lines.Values), null);
    }

    private static List<UsageLine> Sort(IEnumerable<UsageLine> lines) =>
        [.. lines.OrderByDescending(line => line.Totals.NanoUsd).ThenByDescending(line => line.Totals.TotalTokens).ThenBy(
            line => line.Name, StringComparer.Ordinal)];

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
