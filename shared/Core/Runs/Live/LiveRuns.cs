using System.Collections.Concurrent;

namespace OpenClaw.Runs.Live;

/// <summary>The stored runs that execute in this process.</summary>
public sealed class LiveRuns(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, LiveRun> _runs = new(StringComparer.Ordinal);

    /// <summary>Raised in the run's own flow when it begins, so a handler must return at once.</summary>
    public event Action<LiveRun>? Begun;

    public LiveRun? Find(string runId) => _runs.GetValueOrDefault(runId);

    /// <summary>The runs of one session; usually none or one.</summary>
    public IEnumerable<LiveRun> InSession(string partition) => _runs.Values.Where(run => run.Session.Partition == partition);

    /// <summary>Waits until the run begins in this process, or for <paramref name="limit"/>.</summary>
    internal async Task WaitAsync(string runId, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnBegun(LiveRun run)
        {
            if (run.RunId == runId)
            {
                begun.TrySetResult();
            }
        }

        Begun += OnBegun;
        try
        {
            if (Find(runId) is null)
            {
                await begun.Task.WaitAsync(limit, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Begun -= OnBegun;
        }
    }

    internal LiveRun Begin(RunRequest request)
    {
        var run = new LiveRun(this, request.Session!, request.RunId, request.Queued?.Alias, time.GetUtcNow());
        _runs[request.RunId] = run;
        Begun?.Invoke(run);
        request.Begun?.Invoke(run);
        return run;
    }

    internal void Remove(LiveRun run) => _runs.TryRemove(KeyValuePair.Create(run.RunId, run));
}
