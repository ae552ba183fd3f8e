using System.Collections.Concurrent;

namespace OpenClaw.Sessions.Journal;

/// <summary>The runs of this process, so that one is cancelled at once and not only when it polls.</summary>
internal sealed class LocalStops
{
    private readonly ConcurrentDictionary<string, Action> _runs = new(StringComparer.Ordinal);

    public void Add(string runId, Action stop) => _runs[RunId.OwnPart(runId)] = stop;

    /// <param name="stop">The same action that was added, so that a later attempt at the run stays.</param>
    public void Remove(string runId, Action stop) => _runs.TryRemove(KeyValuePair.Create(RunId.OwnPart(runId), stop));

    public void Stop(string runId)
    {
        if (_runs.TryGetValue(RunId.OwnPart(runId), out var stop))
        {
            stop();
        }
    }
}
