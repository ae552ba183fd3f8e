using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Storage;

namespace OpenClaw.Schedules;

/// <summary>Events that wake an agent: at once, or with the next run of their session.
/// <code>
/// (1) a row that names the session and when its events are due ─► (2) the event, in its session ─► (3) now: a run of the session
///  ─► any run of the session takes the events that wait; the sweep starts one where they are due
/// </code>
/// A death between the steps leaves the row of (1), and the sweep makes up for what is missing.</summary>
public sealed partial class Wakes(
    DueSessions due, SessionEvents events, QueuedWakes queue, RunAdmission admission, RunControl control, GatewayConfigStore config,
    TimeProvider time, ILogger<Wakes> logger)
{
    /// <summary>How long an event waits for a run of its session, where no heartbeat comes earlier.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>How long the instance that took an event has to store it, and to start its run where that is due now.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PutOffTime = TimeSpan.FromMinutes(5);

    /// <param name="caller">Whose event it is; the run has its rights.</param>
    /// <param name="isNow">Whether a run starts at once.</param>
    /// <param name="eventId">The sender's id of the event, so that the same one is taken once; null when it can come only once.</param>
    /// <returns>False when an equal event waits already, or this one came before.</returns>
    /// <exception cref="GatewayException"><c>402</c>, <c>404</c>, <c>429</c>, <c>503</c>.</exception>
    public async Task<bool> WakeAsync(
        Caller caller, SessionKey session, string text, bool isNow, string? eventId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await admission.AdmitAsync(queue.ToRunRequest(caller, QueuedWakes.ToQueuedRun(caller, session, now)), cancellationToken);
        var row = await due.AddAsync(caller, session, (isNow ? now : NextHeartbeat(now)) + StartTime, cancellationToken); // (1)
        CrashPoint.Hit("after-wake-noted");
        var isNew = await events.TryAddAsync(session, text, eventId, cancellationToken); // (2)
        CrashPoint.Hit("after-wake-stored");
        if (isNow && (isNew || await events.AnyAsync(session.Partition, cancellationToken)))
        {
            await StartAsync(caller, session, cancellationToken); // (3)
        }

        if (isNow || !isNew)
        {
            await due.RemoveAsync(row, cancellationToken);
        }

        return isNew;
    }

    /// <summary>Starts runs of the sessions whose events are due. One that cannot be started now is looked at again later, so that it
    /// does not take the place of those behind it; the events of an agent that is gone stay in their session.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await due.ListAsync(time.GetUtcNow(), cancellationToken))
        {
            try
            {
                if (await events.AnyAsync(row.Session.Partition, cancellationToken))
                {
                    await StartAsync(row.Caller, row.Session, cancellationToken);
                    CrashPoint.Hit("after-due-started");
                }

                await due.RemoveAsync(row, cancellationToken);
            }
            catch (StorageException failure)
            {
                LogLater(row.Session.Agent, failure.Message); // the next sweep tries again
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogLater(row.Session.Agent, failure.Message);
                await PutOffAsync(
                    row, isLost: failure is GatewayException { Error.Status: 404 } or JsonException or InvalidOperationException,
                    cancellationToken);
            }
        }
    }

    private async Task PutOffAsync(DueSessionRow row, bool isLost, CancellationToken cancellationToken)
    {
        try
        {
            if (!isLost)
            {
                await due.AddAsync(row.Caller, row.Session, time.GetUtcNow() + PutOffTime, cancellationToken);
            }

            await due.RemoveAsync(row, cancellationToken);
        }
        catch (StorageException failure)
        {
            LogLater(row.Session.Agent, failure.Message);
        }
    }

    /// <summary>When a heartbeat comes, or an event has waited long enough.</summary>
    private DateTimeOffset NextHeartbeat(DateTimeOffset now) =>
        config.Current.Agents.Defaults.Heartbeat is { } heartbeat && Heartbeats.NextAfter(now, heartbeat.Every) is var next
            && next < now + LongestWait ? next : now + LongestWait;

    private async Task StartAsync(Caller caller, SessionKey session, CancellationToken cancellationToken)
    {
        var queued = QueuedWakes.ToQueuedRun(caller, session, time.GetUtcNow());
        var admitted = await admission.AdmitAsync(queue.ToRunRequest(caller, queued), cancellationToken);
        await control.AcceptAsync(admitted, queued, [], null, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events of a session of agent {Agent} wait for a later sweep: {Reason}")]
    private partial void LogLater(string agent, string reason);
}
