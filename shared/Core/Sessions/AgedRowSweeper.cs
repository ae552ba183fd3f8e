using Microsoft.Extensions.Logging;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>Deletes what sessions that go on need no longer: runs, their journals and stop requests, accepted events and replies that
/// were given up, 30 days after their last change. One call reads a limited number of pages; its position is stored, so that the next one,
/// on any instance, continues there.</summary>
public sealed partial class AgedRowSweeper(GatewayStorage storage, TimeProvider time, ILogger<AgedRowSweeper> logger)
{
    /// <summary>How long such rows are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int MostPages = 20;

    private const int RowsOfPage = 500;

    /// <returns>The number of rows deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        if (!storage.IsConfigured)
        {
            return 0;
        }

        var (table, state) = (storage.Table(SessionStore.TableName), storage.Table(SessionIndex.TableName));
        var continuation = (await state.GetAsync<SessionStateRow>(
            SessionStateRow.Partition, SessionStateRow.AgedSweep, cancellationToken))?.Continuation;
        var (swept, pages) = (0, 0);
        do
        {
            var page = await table.QueryPageAsync<AgedRow>(
                AgedRow.Since(time.GetUtcNow() - Kept) with { Top = RowsOfPage }, continuation, cancellationToken);
            foreach (var session in page.Rows.Where(static row => row.IsDone).GroupBy(static row => row.PartitionKey))
            {
                foreach (var rows in session.Chunk(StorageLimits.BatchOperations))
                {
                    swept += await DeleteAsync(table, rows, cancellationToken);
                }
            }

            continuation = page.Continuation;
            await state.UpsertAsync(new SessionStateRow(SessionStateRow.AgedSweep) { Continuation = continuation }, cancellationToken);
        }
        while (continuation is not null && ++pages < MostPages);

        if (swept > 0)
        {
            LogSwept(swept);
        }

        return swept;
    }

    private static async Task<int> DeleteAsync(StorageTable table, AgedRow[] rows, CancellationToken cancellationToken)
    {
        var batch = new TableBatch();
        Array.ForEach(rows, row => batch.Delete(row.PartitionKey, row.RowKey));
        try
        {
            await table.SubmitAsync(batch, cancellationToken);
            return rows.Length;
        }
        catch (StorageException gone) when (gone.Status == 404)
        {
            return 0; // another sweep does it; the next one finishes
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept {Rows} old rows of sessions that go on")]
    private partial void LogSwept(int rows);
}
