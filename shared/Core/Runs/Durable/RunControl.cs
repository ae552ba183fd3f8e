using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Durable;

/// <summary>Accepts runs without a waiting caller, and cancels runs on any instance.</summary>
public sealed class RunControl(
    SessionStore sessions, SessionInbox inbox, WaitingRuns waiting, WakeUps wakeUps, IRunDispatcher dispatcher, TimeProvider time)
{
    /// <summary>How long a cancellation waits for the run's own end.</summary>
    private static readonly TimeSpan CancelWait = TimeSpan.FromSeconds(10);

    /// <summary>How long the instance that accepted a run has to begin it.</summary>
    private static readonly TimeSpan BeginTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StopPollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Accepts a run: once this returns the run will be executed, even if this instance dies.</summary>
    /// <param name="admitted">The same run, admitted now; it is admitted again when it is executed.</param>
    /// <param name="eventId">See <see cref="SessionInbox.AcceptAsync"/>.</param>
    /// <returns>The id of the run: this one's, or that of the same event accepted before.</returns>
    /// <exception cref="GatewayException"><c>400 unsupported_parameter</c>, <c>429 too_many_waiting_runs</c>, <c>503
    /// storage_unavailable</c>: nothing was accepted.</exception>
    public async Task<string> AcceptAsync(
        AdmittedRun admitted, QueuedRun run, IReadOnlyList<StoredDocument> documents, string? eventId, CancellationToken cancellationToken)
    {
        var (partition, caller) = (run.Session.Partition, admitted.Request.Caller);
        ModelAnswer.Check(admitted);
        await waiting.TakeAsync(caller, run, cancellationToken);
        await wakeUps.ScheduleAsync(partition, run.RunId, cancellationToken);
        CrashPoint.Hit("before-accept");
        var runId = await inbox.AcceptAsync(run, documents, eventId, cancellationToken);
        CrashPoint.Hit("after-accept");
        if (runId != run.RunId)
        {
            await waiting.ReleaseAsync(caller, run.RunId);
        }

        dispatcher.Dispatch(partition); // also for a duplicate: the first copy's instance may have died
        return runId;
    }

    /// <summary>Accepts an event of a platform, which nobody waits for: it is admitted only when it is executed, so that its sender can be
    /// told why not. Once this returns it will be executed, even if this instance dies.</summary>
    /// <inheritdoc cref="AcceptAsync" path="/param|/returns"/>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>: nothing was accepted.</exception>
    public async Task<string> AcceptEventAsync(QueuedRun run, string eventId, CancellationToken cancellationToken)
    {
        var partition = run.Session.Partition;
        await wakeUps.ScheduleAsync(partition, run.RunId, cancellationToken);
        CrashPoint.Hit("before-accept");
        var runId = await inbox.AcceptAsync(run, [], eventId, cancellationToken);
        CrashPoint.Hit("after-accept");
        dispatcher.Dispatch(partition); // also for a duplicate: the first copy's instance may have died
        return runId;
    }

    /// <summary>Requests that the run that holds a session be cancelled, without waiting for its end.</summary>
    /// <returns>Its id; null when the session is free.</returns>
    public async Task<string?> RequestAbortAsync(string partition, CancellationToken cancellationToken)
    {
        if (await sessions.FindHolderAsync(partition, cancellationToken) is { } runId)
        {
            await sessions.RequestCancelAsync(partition, runId, cancellationToken);
            return runId;
        }

        return null;
    }

    /// <summary>Dispatches a run again when its instance may have died. Does nothing while a run holds the session, or in
    /// the first 5 s after the run was accepted.</summary>
    /// <param name="acceptedAt">Null counts as long ago.</param>
    public Task EnsureDispatchedAsync(string partition, DateTimeOffset? acceptedAt, CancellationToken cancellationToken) =>
        acceptedAt + BeginTime > time.GetUtcNow() ? Task.CompletedTask : EnsureDispatchedAsync(partition, cancellationToken);

    /// <summary>Dispatches the waiting runs of a session when no run holds it: their instance may have died.</summary>
    public async Task EnsureDispatchedAsync(string partition, CancellationToken cancellationToken)
    {
        try
        {
            if (await sessions.FindHolderAsync(partition, cancellationToken) is null)
            {
                dispatcher.Dispatch(partition);
            }
        }
        catch (StorageException)
        {
            // The wake-up message brings another instance.
        }
    }

    /// <summary>Cancels a run and waits up to 10 s until it has ended.</summary>
    /// <returns>The run as it is then; null when there is none.</returns>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<RunRow?> CancelAsync(string partition, string runId, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + CancelWait;
        var asked = false;
        while (true)
        {
            var row = await inbox.ReadRunAsync(partition, runId, cancellationToken);
            if (row is null || row.HasEnded || time.GetUtcNow() >= deadline)
            {
                return row;
            }

            if (row.State == RunRow.Queued && await inbox.FindAsync(row, cancellationToken) is { } waiting)
            {
                var end = JsonSerializer.Serialize<RunEvent>(new RunCancelled(RunUsage.None), RunJson.Default.RunEvent);
                if (await inbox.EndAsync(waiting, RunRow.Cancelled, end, cancellationToken))
                {
                    continue;
                }
            }

            if (!asked)
            {
                asked = true;
                await sessions.RequestCancelAsync(partition, runId, cancellationToken);
                if (await sessions.FindHolderAsync(partition, cancellationToken) is null)
                {
                    dispatcher.Dispatch(partition); // its instance died: another one ends it
                }
            }

            await sessions.Signals.WaitAsync(runId, StopPollInterval, time, cancellationToken);
        }
    }

    /// <summary>Cancels a run whose acceptance was given up: it may be there, come later, or never.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task ForbidAsync(string partition, string runId, CancellationToken cancellationToken)
    {
        await sessions.RequestCancelAsync(partition, runId, cancellationToken);
        await CancelAsync(partition, runId, cancellationToken);
    }

    /// <summary>Cancels the run that holds a session, if any.</summary>
    /// <returns>Its id; null when the session is free.</returns>
    public async Task<string?> AbortAsync(SessionKey session, CancellationToken cancellationToken)
    {
        if (await sessions.FindHolderAsync(session.Partition, cancellationToken) is not { } runId)
        {
            return null;
        }

        await CancelAsync(session.Partition, runId, cancellationToken);
        return runId;
    }
}
