using Microsoft.Extensions.Logging;

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
        var swept = 0;
        while (storage.IsConfigured && await _ledger.ListDueAsync(cancellationToken) is { Count: > 0 } due)
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(due, parallel, async (row, token) => await _ledger.SweepAsync(
                row, id => Container.DeleteAsync(id, token), token));
            swept += due.Count;
            Swept?.Invoke(due.Count);
        }

        if (swept > 0)
        {
            LogSwept(swept);
        }

        return swept;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept {Files} files that are gone")]
    private partial void LogSwept(int files);
}
