using System.Globalization;
using System.Text;
using Azure;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Telemetry;

namespace OpenClaw.Sessions.Journal;

/// <summary>Writes the events of one run in batches of about 250 ms, and polls for a request to cancel the run. Only queued runs
/// are written; every durable run polls.</summary>
public sealed class RunJournal : IAsyncDisposable
{
    /// <summary>How often events are written.</summary>
    private static readonly TimeSpan WriteInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a run polls for a request to cancel it.</summary>
    private static readonly TimeSpan ListenInterval = TimeSpan.FromSeconds(1);

    private const int BatchParts = 8;

    private readonly SessionContext _context;
    private readonly string _partition;
    private readonly string _runId;
    private readonly Action _onLost;
    private readonly SemaphoreSlim _lock = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _pending = new();
    private readonly Outage _outage = new();
    private readonly ITimer _timer;
    private readonly bool _records;
    private DateTimeOffset _nextLook;
    private bool _isOver;

    internal RunJournal(SessionContext context, string partition, string runId, TakenSession taken, bool records, Action onLost)
    {
        (_context, _partition, _runId, RowETag, _onLost) = (context, partition, runId, taken.Row, onLost);
        (_records, Attempt, Batches) = (records, taken.Attempt, taken.Batches);
        _nextLook = context.Time.GetUtcNow() + ListenInterval;
        var interval = _records ? WriteInterval : ListenInterval;
        _timer = context.Time.CreateTimer(static journal => _ = ((RunJournal)journal!).TickAsync(), this, interval, interval);
    }

    /// <summary>Fires when the run is to be cancelled.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>The version of the run's row that this run's owner last wrote.</summary>
    internal ETag RowETag { get; private set; }

    /// <summary>Whether events are written.</summary>
    public bool Records => _records;

    /// <summary>Which attempt at the run this is, from 1.</summary>
    public int Attempt { get; }

    /// <summary>Batches written, those of earlier attempts included.</summary>
    public int Batches { get; private set; }

    /// <summary>Adds one event; written with the next batch.</summary>
    public void Add(string json)
    {
        lock (_pending)
        {
            _pending.Append(_pending.Length == 0 ? '[' : ',').Append(json);
        }
    }

    /// <summary>The events of a run from one batch on, each batch a JSON array.</summary>
    internal static async Task<(IReadOnlyList<string> Batches, int Next)> ReadAsync(
        StorageTable table, Transcript transcript, string partition, string runId, int from, CancellationToken cancellationToken)
    {
        var prefix = $"ev~{RunId.OwnPart(runId)}~";
        var query = TableQuery.WithPrefix(partition, prefix) with { RowKeyFrom = prefix + Number(from) };
        var batches = new List<string>();
        var next = from;
        await foreach (var row in table.QueryAsync<DocumentRow>(query, cancellationToken))
        {
            if (row.RowKey.EndsWith("~000", StringComparison.Ordinal))
            {
                next = int.Parse(row.RowKey.AsSpan(prefix.Length, 6), CultureInfo.InvariantCulture) + 1;
                batches.Add(row.Blob is { } blob ? await transcript.LoadTextAsync(blob, cancellationToken) : row.Json!);
            }
            else
            {
                batches[^1] += row.Json;
            }
        }

        return (batches, next);
    }

    /// <summary>Cancels the run; called in its own process.</summary>
    internal void Stop() => _stop.Cancel();

    /// <summary>Polls at once: the run may have been cancelled before it began.</summary>
    internal async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (await _context.Table.GetAsync<StopRow>(_partition, StopRow.Key(_runId), cancellationToken) is not null)
        {
            await _stop.CancelAsync();
        }
    }

    /// <summary>Writes the last batch and stops polling, before the transaction that ends the run.</summary>
    internal async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            await WritePendingAsync(cancellationToken);
            _isOver = true;
        }
        finally
        {
            _lock.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _lock.WaitAsync();
        _isOver = true;
        _lock.Release();
        _stop.Dispose();
    }

    private static string Number(int batch) => batch.ToString("D6", CultureInfo.InvariantCulture);

    private async Task TickAsync()
    {
        if (!await _lock.WaitAsync(0))
        {
            return; // the last batch is still being written
        }

        try
        {
            if (_isOver)
            {
                return;
            }

            await WritePendingAsync(CancellationToken.None);
            if (_context.Time.GetUtcNow() >= _nextLook && !_stop.IsCancellationRequested)
            {
                _nextLook = _context.Time.GetUtcNow() + ListenInterval;
                await ListenAsync(CancellationToken.None);
            }

            _outage.End();
        }
        catch (Exception failure)
        {
            // Any exception: the next tick tries again.
            if (_outage.Begins())
            {
                _context.LogFailure(failure, "journal", _runId);
            }
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Writes one batch of events and the number of batches in the run's row, fenced by that row: a run that another
    /// instance took over writes no more batches.</summary>
    private async Task WritePendingAsync(CancellationToken cancellationToken)
    {
        string json;
        lock (_pending)
        {
            if (_pending.Length == 0)
            {
                return;
            }

            json = _pending.ToString() + "]";
        }

        var document = new StoredDocument(
            $"ev~{RunId.OwnPart(_runId)}~{Number(Batches)}", json, new Dictionary<string, object> { ["V"] = RunRow.Version });
        var batch = new TableBatch();
        batch.Merge(RunRow.Written(_partition, _runId, Batches + 1), RowETag);
        foreach (var row in await _context.Transcript.PrepareDocumentAsync(_partition, document, cancellationToken, BatchParts))
        {
            batch.Upsert(row); // what a lost attempt left under this number counts for nothing
        }

        try
        {
            RowETag = (await _context.Table.SubmitAsync(batch, cancellationToken))[0];
        }
        catch (StorageException changed) when (changed.Status is 404 or 409 or 412)
        {
            var row = await _context.Table.GetAsync<RunRow>(_partition, RunRow.Key(_runId), cancellationToken);
            if (row is null || row.Batches != Batches + 1 || row.Attempt != Attempt)
            {
                _isOver = true;
                _onLost();
                return;
            }

            RowETag = row.ETag; // our own write went through unseen
        }

        Batches++;
        lock (_pending)
        {
            _pending.Remove(0, json.Length - 1);
            if (_pending.Length > 0)
            {
                _pending[0] = '['; // what came meanwhile began with a comma
            }
        }

        _context.Signals.Pulse(_runId);
    }
}
