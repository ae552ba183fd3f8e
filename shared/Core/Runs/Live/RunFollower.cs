using System.Runtime.CompilerServices;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Runs.Live;

/// <summary>Follows a stored run to its end, wherever it executes: in this process event by event, on another instance by its journal.
/// <code>
/// it executes here ──► its events as they happen ──► its end, or look again (the attempt was lost)
/// it has ended     ──► its events from storage
/// it waits         ──► look again soon; when nothing happens for long, dispatch it again
/// another instance ──► the journal, or for a run with a waiting caller its stored turn once it has ended
/// </code>
/// When the follower changes the source, a <see cref="RunResumed"/> says that the events begin again.</summary>
public sealed class RunFollower(LiveRuns live, RunReplay replay, RunControl control, RunSignalOptions options, TimeProvider time)
{
    /// <summary>How long a run that has begun may be unknown to this process before another instance is believed to have it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <returns>Events; the last one is the end event. Nothing when there is no such run.</returns>
    /// <exception cref="Errors.GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async IAsyncEnumerable<RunEvent> FollowAsync(
        string partition, string runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isAgain = false;
        var asked = time.GetTimestamp();
        long? begun = null;
        while (true)
        {
            if (live.Find(runId) is { } run)
            {
                await foreach (var runEvent in Marked(run.ReadAsync(cancellationToken), isAgain).WithCancellation(cancellationToken))
                {
                    yield return runEvent;
                    if (runEvent is RunEnded)
                    {
                        yield break;
                    }
                }

                (isAgain, begun) = (true, null);
            }

            if (await replay.FindAsync(partition, runId, cancellationToken) is not { } row)
            {
                yield break;
            }

            begun = row.State == RunRow.Running ? begun ?? time.GetTimestamp() : null;
            var isElsewhere = begun is { } at && time.GetElapsedTime(at) >= Grace && row.Kind != RunRow.Interactive;
            if (row.HasEnded || isElsewhere)
            {
                var events = row.HasEnded ? replay.SoFarAsync(row, runId, cancellationToken)
                    : replay.FollowAsync(partition, runId, control.EnsureDispatchedAsync, cancellationToken);
                var hasEnd = false;
                await foreach (var runEvent in Marked(events, isAgain).WithCancellation(cancellationToken))
                {
                    hasEnd = runEvent is RunEnded;
                    yield return runEvent;
                }

                if (!hasEnd)
                {
                    yield return RunReplay.EndOf(row); // a run with a waiting caller that stored nothing
                }

                yield break;
            }

            if (row.State == RunRow.Queued && time.GetElapsedTime(asked) > options.Silence)
            {
                asked = time.GetTimestamp();
                await control.EnsureDispatchedAsync(partition, cancellationToken);
            }

            await live.WaitAsync(runId, options.PollInterval, time, cancellationToken);
        }
    }

    private static async IAsyncEnumerable<RunEvent> Marked(IAsyncEnumerable<RunEvent> events, bool isAgain)
    {
        if (isAgain)
        {
            yield return new RunResumed(0);
        }

        await foreach (var runEvent in events)
        {
            yield return runEvent;
        }
    }
}
