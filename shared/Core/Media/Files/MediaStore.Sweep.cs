using Microsoft.Extensions.Logging;
using OpenClaw.Storage;

namespace OpenClaw.Media.Files;

/// <summary>Deletes what readers no longer see: expired files, and the rest of uploads that broke off. Nothing here is done by halves
/// that could not be done again, so two hosts may sweep at once and a sweep that was cut off goes on with the next.</summary>
public sealed partial class MediaStore
{
    private const int AtOnce = 8;

    /// <summary>Tells of every batch: how many files went, 100 at the most.</summary>
    public event Action<int>? Swept;

    /// <returns>The number of files deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var (swept, left) = (0, 0);
        while (storage.IsConfigured && left == 0 && await _ledger.ListDueAsync(cancellationToken) is { Count: > 0 } due)
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(due, parallel, async (row, token) =>
            {
                if (!await TrySweepAsync(row, token))
                {
                    Interlocked.Increment(ref left);
                }
            });
            swept += due.Count - left;
            Swept?.Invoke(due.Count - left);
        }

        if (swept > 0)
        {
            LogSwept(swept);
        }

        return swept;
    }

    /// <summary>A file that cannot be deleted is left to the next sweep; the others of its batch are deleted now.</summary>
    private async Task<bool> TrySweepAsync(MediaDueRow row, CancellationToken cancellationToken)
    {
        try
        {
            await _ledger.SweepAsync(row, id => Container.DeleteAsync(id, cancellationToken), cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or StorageException { IsOutcomeUnknown: true }))
        {
            LogNotSwept(failure);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A file that is gone could not be deleted yet")]
    private partial void LogNotSwept(Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept {Files} files that are gone")]
    private partial void LogSwept(int files);
}
