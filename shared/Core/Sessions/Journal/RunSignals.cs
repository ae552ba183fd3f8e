using System.Collections.Concurrent;

namespace OpenClaw.Sessions.Journal;

/// <summary>Wakes the followers of a run in this process when it has made progress, so that they need not wait for their next
/// poll.</summary>
public sealed class RunSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Completes when the run has made progress, or after <paramref name="limit"/>.</summary>
    public async Task WaitAsync(string runId, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var signal = _waiting.GetOrAdd(RunId.OwnPart(runId), static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        await signal.Task.WaitAsync(limit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _waiting.TryRemove(KeyValuePair.Create(RunId.OwnPart(runId), signal));
        cancellationToken.ThrowIfCancellationRequested();
    }

    internal void Pulse(string runId)
    {
        if (_waiting.TryRemove(RunId.OwnPart(runId), out var signal))
        {
            signal.TrySetResult();
        }
    }
}
