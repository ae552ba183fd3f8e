using System.Globalization;
using OpenClaw.Errors;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>What the run of this turn does outside the gateway, written before and after, so that another attempt knows it.</summary>
public sealed partial class SessionTurn
{
    private const int LogParts = 4;

    private const int LogTries = 4;

    private int _logged;

    private string LogPrefix => $"tool~{Sessions.RunId.OwnPart(RunId)}~";

    /// <summary>The entries of earlier attempts, oldest first. To be read before the first one is written.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IReadOnlyList<string>> ReadLogAsync(CancellationToken cancellationToken)
    {
        var entries = new List<string>();
        await foreach (var row in _context.Table.QueryAsync<DocumentRow>(
            TableQuery.WithPrefix(_key.Partition, LogPrefix), cancellationToken))
        {
            if (row.RowKey.EndsWith("~000", StringComparison.Ordinal))
            {
                entries.Add(row.Blob is { } blob ? await _context.Transcript.LoadTextAsync(blob, cancellationToken) : row.Json!);
            }
            else
            {
                entries[^1] += row.Json;
            }
        }

        _logged = entries.Count;
        return entries;
    }

    /// <summary>Adds entries in one transaction, fenced by the session's head: after this no other run held the session.</summary>
    /// <param name="entries">JSON.</param>
    /// <exception cref="GatewayException"><c>409 session_lease_lost</c>, <c>503 storage_unavailable</c>: nothing was added.</exception>
    public async Task LogAsync(IReadOnlyList<string> entries, CancellationToken cancellationToken)
    {
        await _headLock.WaitAsync(cancellationToken);
        try
        {
            var rows = new List<DocumentRow>();
            for (var i = 0; i < entries.Count; i++)
            {
                var key = LogPrefix + (_logged + i).ToString("D6", CultureInfo.InvariantCulture);
                var document = new StoredDocument(key, entries[i], new Dictionary<string, object> { ["V"] = RunRow.Version });
                rows.AddRange(await _context.Transcript.PrepareDocumentAsync(_key.Partition, document, cancellationToken, LogParts));
            }

            await WriteAsync(rows, cancellationToken);
            _logged += entries.Count;
        }
        finally
        {
            _headLock.Release();
        }
    }

    /// <summary>A head that changed is read: it may be our own renewal whose answer was lost.</summary>
    private async Task WriteAsync(List<DocumentRow> rows, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (!IsOpen)
            {
                throw new GatewayException(GatewayError.SessionLost());
            }

            var batch = new TableBatch();
            batch.Replace(_head, _head.ETag);
            rows.ForEach(row => batch.Upsert(row));
            try
            {
                _head.ETag = (await _context.Table.SubmitAsync(batch, cancellationToken))[0];
                return;
            }
            catch (StorageException changed) when (changed.Status is 404 or 409 or 412)
            {
                var stored = await _context.Table.GetAsync<SessionHead>(_key.Partition, SessionHead.RowKey, cancellationToken);
                if (tries == LogTries || stored?.IsHeldBy(RunId, _token) != true)
                {
                    await _lost.CancelAsync();
                    throw new GatewayException(GatewayError.SessionLost(), changed);
                }

                _head.ETag = stored.ETag;
            }
        }
    }
}
