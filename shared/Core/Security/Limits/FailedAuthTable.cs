using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Storage;

namespace OpenClaw.Security.Limits;

/// <summary>The failures that all instances share: one row per credential class and client, changed by compare-and-set. Rows name
/// clients by a hash of their address.</summary>
public sealed partial class FailedAuthTable(GatewayStorage storage, TimeProvider time, ILogger<FailedAuthTable> logger)
{
    public const string TableName = "authfailures";

    /// <summary>Of one count; beyond it the instance counts for itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long storage that failed is left alone.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private long _pausedUntilTicks;

    /// <summary>Counts one failure for all instances.</summary>
    /// <returns>The count that holds now; null when storage is absent, down or too slow.</returns>
    public async Task<FailureCount?> AddAsync(string credentialClass, string client, AuthRateLimitSection limits)
    {
        if (!storage.IsConfigured || time.GetUtcNow().UtcTicks < Interlocked.Read(ref _pausedUntilTicks))
        {
            return null;
        }

        // Not the request's own token: a client that hangs up early is counted all the same.
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            return await AddAsync(Partition(credentialClass, client), limits, patience.Token);
        }
        catch (Exception failure) when (failure is StorageException or OperationCanceledException)
        {
            Interlocked.Exchange(ref _pausedUntilTicks, (time.GetUtcNow() + Pause).UtcTicks);
            LogUnavailable(failure);
            return null;
        }
    }

    private async Task<FailureCount> AddAsync(string partition, AuthRateLimitSection limits, CancellationToken cancellationToken)
    {
        var table = storage.Table(TableName);
        while (true)
        {
            var row = await table.GetAsync<FailedAuthRow>(partition, FailedAuthRow.RowKey, cancellationToken);
            var now = time.GetUtcNow();
            var before = row?.Count ?? default;
            if (before.LockedFor(now) is not null)
            {
                return before;
            }

            var after = before.Add(limits, now);
            try
            {
                await (row is null
                    ? table.InsertAsync(new FailedAuthRow(partition, after), cancellationToken)
                    : table.ReplaceAsync(new FailedAuthRow(partition, after), row.ETag, cancellationToken));
                return after;
            }
            catch (StorageException conflict) when (conflict.Status is 404 or 409 or 412)
            {
                // Another instance was faster; what it wrote counts too. Only instances compete: each queues its own requests.
            }
        }
    }

    private static string Partition(string credentialClass, string client) => Secret.HashName(credentialClass, client);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed authentication is counted by this instance alone: storage does not answer")]
    private partial void LogUnavailable(Exception failure);
}
