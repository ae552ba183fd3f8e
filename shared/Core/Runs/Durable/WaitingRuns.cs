using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Runs.Durable;

/// <summary>Limits how many runs one caller may have queued or under way in the background, on all instances together. A row is written
/// before a run is accepted and deleted after its end. Rows that a dead instance left are found and deleted when the limit is
/// reached.</summary>
public sealed class WaitingRuns(GatewayStorage storage, SessionInbox inbox, GatewayConfigStore config, TimeProvider time)
{
    private const string TableName = "waitingruns";

    /// <summary>How many of the oldest rows are checked when the limit is reached.</summary>
    private const int Checked = 16;

    /// <summary>How long accepting a run may take: a younger row may be there before its run.</summary>
    private static readonly TimeSpan AcceptTime = TimeSpan.FromMinutes(1);

    private StorageTable Table => storage.Table(TableName);

    /// <summary>Takes a place for a run that is about to be accepted.</summary>
    /// <exception cref="GatewayException"><c>429 too_many_waiting_runs</c>, <c>503 storage_unavailable</c>.</exception>
    internal async Task TakeAsync(Caller caller, QueuedRun run, CancellationToken cancellationToken)
    {
        var most = config.Current.Gateway.Http.RateLimit.WaitingRuns;
        if (most == 0)
        {
            return;
        }

        // Written first and counted afterwards, so that requests that come at the same time see each other.
        var partition = PartitionOf(caller);
        await Table.UpsertAsync(new WaitingRunRow(partition, run.RunId, run.Session.Partition, time.GetUtcNow()), cancellationToken);
        if (await CountAsync(partition, most, cancellationToken) > most)
        {
            await DeleteAsync(partition, run.RunId, cancellationToken);
            throw new GatewayException(GatewayError.TooManyWaitingRuns(most));
        }
    }

    /// <summary>Gives the place of a run back. If that fails, the row is deleted when the limit is reached.</summary>
    internal async Task ReleaseAsync(Caller caller, string runId)
    {
        try
        {
            await DeleteAsync(PartitionOf(caller), runId, CancellationToken.None);
        }
        catch (StorageException)
        {
            // See the summary.
        }
    }

    private async Task<int> CountAsync(string partition, int most, CancellationToken cancellationToken)
    {
        var rows = new List<WaitingRunRow>();
        await foreach (var row in Table.QueryAsync<WaitingRunRow>(new TableQuery { PartitionKey = partition }, cancellationToken))
        {
            rows.Add(row);
            if (rows.Count > most + Checked)
            {
                break;
            }
        }

        var count = rows.Count;
        if (count > most)
        {
            var oldest = rows.OrderBy(r => r.CreatedAt).Take(Checked).ToList();
            var ended = await Task.WhenAll(oldest.Select(row => DeleteIfEndedAsync(row, cancellationToken)));
            count -= ended.Count(isDeleted => isDeleted);
        }

        return count;
    }

    private async Task<bool> DeleteIfEndedAsync(WaitingRunRow row, CancellationToken cancellationToken)
    {
        var run = row.Session is { } session ? await inbox.ReadRunAsync(session, row.RowKey, cancellationToken) : null;
        if (run is { HasEnded: false } || (run is null && row.CreatedAt + AcceptTime > time.GetUtcNow()))
        {
            return false;
        }

        await DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        return true;
    }

    private Task<bool> DeleteAsync(string partition, string runId, CancellationToken cancellationToken) =>
        Table.DeleteAsync(partition, runId, etag: null, cancellationToken);

    private static string PartitionOf(Caller caller) => Secret.HashName("waiting", caller.Subject);
}
