using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Security.Limits;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Durable;

/// <summary>Executes the waiting runs of a session, one after the other, in order. Any number of instances may try at once:
/// the session's lease lets one of them through.</summary>
public sealed partial class RunLane(
    RunAdmission admission, RunEngine runs, SessionInbox inbox, WaitingRuns waiting, BodyBudget bodies, QueuedFronts fronts,
    ReplyDispatcher replies, TimeProvider time, ILogger<RunLane> logger)
{
    /// <summary>A run is given up after this many attempts without an end.</summary>
    public const int MaxAttempts = 5;

    /// <summary>How long a run waits for its session. It is long, because no caller waits for the answer.</summary>
    private static readonly TimeSpan BusyWait = TimeSpan.FromMinutes(10);

    /// <summary>Executes until no run waits any more.</summary>
    /// <exception cref="GatewayException">Storage failed, or another run holds the session for too long: to be tried again
    /// later.</exception>
    public async Task DrainAsync(string partition, CancellationToken cancellationToken)
    {
        while (await TakeAsync(partition, cancellationToken) is var (queued, body))
        {
            using var held = body;
            replies.Dispatch(partition); // of earlier runs, whose instance may have died
            if (queued.Attempts >= MaxAttempts)
            {
                LogGivenUp(queued.RunId, queued.Kind, queued.Attempts);
                await EndAsync(queued, new RunFailed(RunUsage.None, GatewayError.RunAbandoned()), cancellationToken);
                continue;
            }

            if (queued.Attempts > 0)
            {
                LogAgain(queued.RunId, queued.Kind, queued.Attempts + 1);
            }

            await RunAsync(queued, cancellationToken);
        }
    }

    /// <summary>Reads the first run that waits, once there is room for its request in memory. It is read again after a wait: another
    /// instance may have executed it.</summary>
    private async Task<(QueuedRun Run, BodyLease Body)?> TakeAsync(string partition, CancellationToken cancellationToken)
    {
        BodyLease? waiting = null;
        try
        {
            while (await inbox.PeekAsync(partition, cancellationToken) is { } queued)
            {
                waiting ??= bodies.OpenForRun(queued.Session.Owner);
                var bytes = Encoding.UTF8.GetByteCount(queued.Request);
                if (waiting.TryHold(bytes))
                {
                    var held = waiting;
                    waiting = null;
                    return (queued, held);
                }

                do
                {
                    await inbox.NoteWaitForRoomAsync(partition, cancellationToken);
                }
                while (!await waiting.TryHoldAsync(bytes, RoomRow.Interval, time, cancellationToken));
            }

            return null;
        }
        finally
        {
            waiting?.Dispose();
        }
    }

    private async Task RunAsync(QueuedRun queued, CancellationToken cancellationToken)
    {
        RunRequest? request = null;
        try
        {
            var front = fronts.Find(queued.Kind);
            if (await front.AnswerAsync(queued, cancellationToken) is { } answer)
            {
                var end = JsonSerializer.Serialize<RunEvent>(new RunCompleted(RunUsage.None), RunJson.Default.RunEvent);
                await inbox.EndAsync(queued, RunRow.Completed, end, cancellationToken, answer.Reply);
                replies.Dispatch(queued.Session.Partition);
                return;
            }

            request = await front.RestoreAsync(queued, cancellationToken);
            request = request with { Queued = queued with { Absorbed = request.Absorbed }, BusyWait = BusyWait };
            var run = await admission.AdmitAsync(request, cancellationToken);
            await foreach (var _ in runs.StreamAsync(run, cancellationToken))
            {
                // The events are in its journal.
            }

            replies.Dispatch(queued.Session.Partition);
            await waiting.ReleaseAsync(request.Caller, queued.RunId);
        }
        catch (GatewayException failure) when (
            failure.Error.Status is >= 400 and < 500 && failure.Error.Code is not (ErrorCode.SessionBusy or ErrorCode.SessionLeaseLost))
        {
            await EndAsync(queued, new RunFailed(RunUsage.None, failure.Error), cancellationToken); // it would fail every time
            if (request is not null)
            {
                await waiting.ReleaseAsync(request.Caller, queued.RunId);
            }
        }
        catch (Exception failure) when (failure is not (GatewayException or OperationCanceledException))
        {
            LogThrew(failure, queued.RunId, queued.Kind);
            await inbox.CountAttemptAsync(queued, cancellationToken); // it may throw every time, so the attempt is counted
        }
    }

    private async Task EndAsync(QueuedRun queued, RunFailed end, CancellationToken cancellationToken)
    {
        // Read again: the attempt that just failed has changed the row.
        await inbox.EndAsync(
            queued.Session.Partition, queued.RunId, RunRow.Failed, JsonSerializer.Serialize<RunEvent>(
                end, RunJson.Default.RunEvent), cancellationToken, waitingRun => fronts.ReplyTo(waitingRun, end.Error));
        replies.Dispatch(queued.Session.Partition);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} ({Kind}) did not come to an end; attempt {Attempt} (model_replays)")]
    private partial void LogAgain(string runId, string kind, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} ({Kind}) failed unexpectedly")]
    private partial void LogThrew(Exception failure, string runId, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} ({Kind}) is given up after {Attempts} attempts")]
    private partial void LogGivenUp(string runId, string kind, int attempts);
}
