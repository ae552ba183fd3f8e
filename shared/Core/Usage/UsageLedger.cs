using Microsoft.Extensions.Logging;
using OpenClaw.Models;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Telemetry;
using OpenClaw.Text;

namespace OpenClaw.Usage;

/// <summary>
/// Counts what runs use: in memory, written about every ten seconds and at shutdown. An instance writes only rows of its own, each with
/// the whole of its count, so nothing is contended and a repeated write changes nothing; readers add the rows up. A killed instance loses
/// what it had not written: at most one batch.
/// </summary>
public sealed partial class UsageLedger(GatewayStorage storage, TimeProvider time, ILogger<UsageLedger> logger) : IAsyncDisposable
{
    public const string TableName = "usage";

    /// <summary>Sessions kept in memory beyond a write; more make room by starting new rows.</summary>
    private const int MaxEntries = 20_000;

    private const int MaxNameChars = 1_024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<UsageKey, Entry> _entries = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Outage _outage = new();
    private ITimer? _timer;
    private int _generation;

    /// <summary>Ends the row keys of this instance.</summary>
    internal string Instance { get; } = RandomId.Create("")[..12];

    /// <summary>Counts what a run used of a model.</summary>
    /// <param name="session">Null for a stateless run.</param>
    /// <param name="isRun">False for a call that belongs to another run, such as a summary.</param>
    public void Count(Caller caller, string? agent, SessionKey? session, ModelTarget target, RunUsage usage, bool isRun = true) =>
        Count(caller, agent, session, target.Reference, UsageTotals.OfRun(usage, target.Info?.Cost, isRun));

    /// <param name="agent">Null where none was involved.</param>
    /// <param name="session">Null for a stateless run.</param>
    /// <param name="model"><c>provider/model</c>.</param>
    public void Count(Caller caller, string? agent, SessionKey? session, string model, UsageTotals totals)
    {
        var now = time.GetUtcNow();
        var (day, month) = (UsageKey.Day(now), UsageKey.Month(now));
        lock (_lock)
        {
            var viewer = UsageKey.Viewer(caller);
            foreach (var sees in viewer == UsageKey.Everybody ? (ReadOnlySpan<string>)[viewer] : [UsageKey.Everybody, viewer])
            {
                Add(UsageKey.Of(day, sees, UsageBy.Day, "all"), "", totals);
                AddNamed(day, sees, UsageBy.Key, caller.Subject, totals);
                AddNamed(day, sees, UsageBy.Model, model, totals);
                AddNamed(day, sees, UsageBy.Agent, agent, totals);
                if (session is not null)
                {
                    Add(UsageKey.Of(day, sees, UsageBy.Session, session.Partition), session.Key, totals);
                }
            }

            AddNamed(month, UsageKey.Everybody, UsageBy.Key, caller.Subject, totals);
            AddNamed(month, UsageKey.Everybody, UsageBy.Agent, agent, totals);
            _timer ??= storage.IsConfigured
                ? time.CreateTimer(static ledger =>
                    _ = ((UsageLedger)ledger!).TryWriteAsync(CancellationToken.None), this, Interval, Interval)
                : null;
        }
    }

    /// <summary>What this instance counted since it started.</summary>
    internal UsageTotals Own(UsageKey key)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(key, out var entry) ? entry.Totals : default;
        }
    }

    /// <summary>Writes what has changed.</summary>
    /// <exception cref="StorageException">What was not written stays counted and is written later.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            List<(UsageKey Key, Entry Entry, UsageTotals Totals)> changed;
            lock (_lock)
            {
                changed = [.. _entries.Where(e => e.Value.Written != e.Value.Totals).Select(e => (e.Key, e.Value, e.Value.Totals))];
            }

            foreach (var partition in changed.GroupBy(c => c.Key.Partition))
            {
                await WriteAsync(partition, cancellationToken);
            }

            MakeRoom();
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
            using var limit = new CancellationTokenSource(ShutdownTime);
            await TryWriteAsync(limit.Token);
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(cancellationToken);
            _outage.End();
        }
        catch (Exception failure)
        {
            // Any exception: the next tick must come, and the shutdown must go on.
            if (_outage.Begins())
            {
                LogNotWritten(failure);
            }
        }
    }

    /// <summary>Writes the changes of one partition in as few batches as the limits of storage allow.</summary>
    private async Task WriteAsync(IEnumerable<(UsageKey Key, Entry Entry, UsageTotals Totals)> changes, CancellationToken cancellationToken)
    {
        var batch = new TableBatch();
        var written = new List<(UsageRow Row, Entry Entry, UsageTotals Totals)>();
        foreach (var (key, entry, totals) in changes)
        {
            if (RowOf(key, entry, totals) is not { } row)
            {
                continue;
            }

            if (!batch.HasRoomFor(row))
            {
                await SubmitAsync(batch, written, cancellationToken);
                (batch, written) = (new TableBatch(), []);
            }

            batch.Upsert(row);
            written.Add((row, entry, totals));
        }

        await SubmitAsync(batch, written, cancellationToken);
    }

    /// <summary>Null for an entry that no table takes: it is skipped, so that the others are written.</summary>
    private UsageRow? RowOf(UsageKey key, Entry entry, UsageTotals totals)
    {
        try
        {
            var row = UsageRow.Of(key, entry.Instance, entry.Name, totals);
            TableEntitySize.Check(row);
            return row;
        }
        catch (StorageLimitException failure)
        {
            Skip(key.Prefix, entry, totals, failure);
            return null;
        }
    }

    /// <summary>Submits a batch. If storage refuses it as invalid, its rows are written one by one, and those that are refused again are
    /// skipped.</summary>
    private async Task SubmitAsync(
        TableBatch batch, List<(UsageRow Row, Entry Entry, UsageTotals Totals)> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        try
        {
            await storage.Table(TableName).SubmitAsync(batch, cancellationToken);
            lock (_lock)
            {
                rows.ForEach(row => row.Entry.Written = row.Totals);
            }
        }
        catch (StorageException refused) when (refused.Status is 400 or 413 && rows is [var (row, entry, totals)])
        {
            Skip(row.RowKey, entry, totals, refused);
        }
        catch (StorageException refused) when (refused.Status is 400 or 413)
        {
            foreach (var one in rows)
            {
                await SubmitAsync(new TableBatch().Upsert(one.Row), [one], cancellationToken);
            }
        }
    }

    private void Skip(string row, Entry entry, UsageTotals totals, Exception failure)
    {
        LogSkipped(failure, row);
        lock (_lock)
        {
            entry.Written = totals;
        }
    }

    private void AddNamed(string partition, string viewer, string by, string? name, UsageTotals totals)
    {
        if (name is not null)
        {
            Add(UsageKey.Of(partition, viewer, by, Secret.HashName(name)), name, totals);
        }
    }

    private void Add(UsageKey key, string name, UsageTotals totals)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries[key] = entry = new Entry(Fit(name), _generation == 0 ? Instance : $"{Instance}{_generation}");
        }

        entry.Totals += totals;
    }

    /// <summary>A name as long as a list can show. Totals are found by its hash, so a cut loses nothing.</summary>
    private static string Fit(string name) => name.Length <= MaxNameChars ? name : Utf16.Head(name, MaxNameChars) + "…";

    /// <summary>Forgets past periods, and sessions when there are too many; what comes of those later goes to new rows.</summary>
    private void MakeRoom()
    {
        var now = time.GetUtcNow();
        var (day, month) = (UsageKey.Day(now), UsageKey.Month(now));
        lock (_lock)
        {
            var isFull = _entries.Count > MaxEntries;
            _generation += isFull ? 1 : 0;
            foreach (var (key, entry) in _entries)
            {
                var isOver = key.Partition != day && key.Partition != month;
                if ((isOver || (isFull && key.IsSession)) && entry.Written == entry.Totals)
                {
                    _entries.Remove(key);
                }
            }
        }
    }

    private sealed class Entry(string name, string instance)
    {
        public string Name => name;

        public string Instance => instance;

        public UsageTotals Totals { get; set; }

        public UsageTotals Written { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Usage could not be written; it is kept and written later")]
    private partial void LogNotWritten(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The usage of {Row} can never be written and is left out; the others are written")]
    private partial void LogSkipped(Exception failure, string row);
}
