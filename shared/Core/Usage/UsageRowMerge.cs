using OpenClaw.Storage.Tables;

namespace OpenClaw.Usage;

/// <summary>The rows of several days, in the order of their keys, read as far as they are taken. It holds a bounded number of rows, however
/// many there are.</summary>
/// <param name="prefix">Start of the row keys.</param>
/// <param name="after">Begins behind the rows of this name; null begins with the first.</param>
/// <param name="parallel">How many days are read at a time at the beginning.</param>
internal sealed class UsageRowMerge(
    StorageTable table, IEnumerable<DateOnly> days, string prefix, string? after, int parallel, CancellationToken cancellationToken)
    : IAsyncDisposable
{
    private const int MostHeld = 20_000;

    private readonly PriorityQueue<IAsyncEnumerator<UsageRow>, string> _days = new(StringComparer.Ordinal);

    /// <summary>Null at the end.</summary>
    public UsageRow? Current => _days.TryPeek(out var day, out _) ? day.Current : null;

    public async Task BeginAsync()
    {
        var all = days.ToList();
        var pageRows = Math.Clamp(MostHeld / all.Count, 1, 1_000);
        foreach (var some in all.Chunk(parallel))
        {
            var opened = some.Select(day => ReadAsync(UsageKey.Day(day), pageRows).GetAsyncEnumerator(cancellationToken)).ToList();
            var found = await Task.WhenAll(opened.Select(static day => day.MoveNextAsync().AsTask()));
            foreach (var (day, hasRow) in opened.Zip(found))
            {
                await KeepAsync(day, hasRow);
            }
        }
    }

    public async Task MoveNextAsync()
    {
        var day = _days.Dequeue();
        await KeepAsync(day, await day.MoveNextAsync());
    }

    public async ValueTask DisposeAsync()
    {
        while (_days.TryDequeue(out var day, out _))
        {
            await day.DisposeAsync();
        }
    }

    private async Task KeepAsync(IAsyncEnumerator<UsageRow> day, bool hasRow)
    {
        if (hasRow)
        {
            _days.Enqueue(day, day.Current.RowKey);
        }
        else
        {
            await day.DisposeAsync();
        }
    }

    private async IAsyncEnumerable<UsageRow> ReadAsync(string partition, int pageRows)
    {
        var query = TableQuery.WithPrefix(partition, prefix) with { Top = pageRows };
        query = after is null ? query : query with { RowKeyFrom = $"{prefix}{after}~~" };
        string? continuation = null;
        do
        {
            var page = await table.QueryPageAsync<UsageRow>(query, continuation, cancellationToken);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}
