using System.Runtime.CompilerServices;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Live;

/// <summary>A stored run that executes in this process, with the events of this attempt. Readers get each event when it happens, before a
/// journal has it.</summary>
public sealed class LiveRun : IDisposable
{
    private readonly LiveRuns _runs;
    private readonly List<RunEvent> _events = [];
    private TaskCompletionSource? _waiting;
    private bool _isClosed;

    internal LiveRun(LiveRuns runs, SessionKey session, string runId, string? alias, DateTimeOffset startedAt) =>
        (_runs, Session, RunId, Alias, StartedAt) = (runs, session, runId, alias, startedAt);

    public SessionKey Session { get; }

    public string RunId { get; }

    /// <summary>The name that the caller gave the run; null when it gave none.</summary>
    public string? Alias { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>The events of this attempt, from the first; ends when the attempt ends, with or without an end event.</summary>
    public async IAsyncEnumerable<RunEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = 0; ;)
        {
            RunEvent? runEvent = null;
            Task? wait = null;
            lock (_events)
            {
                if (next < _events.Count)
                {
                    runEvent = _events[next++];
                }
                else if (_isClosed)
                {
                    yield break;
                }
                else
                {
                    _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    wait = _waiting.Task;
                }
            }

            if (wait is not null)
            {
                await wait.WaitAsync(cancellationToken);
            }
            else
            {
                yield return runEvent!;
            }
        }
    }

    /// <summary>Whether its end event has come.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_events)
            {
                return _events is [.., RunEnded];
            }
        }
    }

    /// <summary>The events so far.</summary>
    public IReadOnlyList<RunEvent> SoFar()
    {
        lock (_events)
        {
            return [.. _events];
        }
    }

    internal void Add(RunEvent runEvent)
    {
        lock (_events)
        {
            _events.Add(runEvent);
            Wake();
        }
    }

    public void Dispose()
    {
        lock (_events)
        {
            _isClosed = true;
            Wake();
        }

        _runs.Remove(this);
    }

    private void Wake()
    {
        _waiting?.SetResult();
        _waiting = null;
    }
}
