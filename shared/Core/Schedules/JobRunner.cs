using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Text;

namespace OpenClaw.Schedules;

/// <summary>
/// Starts jobs that are due. Any number of instances may sweep at once and any of them may die:
/// <code>
/// (1) the run of the job has ended ─► it is recorded, the job is free again
/// (2) the job is due and free ─► its row names the run, whose id is made of the job and the time it is due, and the next time;
///                                a time that has passed meanwhile is not made up for
/// (3) the run is accepted: once, however many instances try
/// (4) the row says so; until then every sweep does (3) again
/// </code>
/// </summary>
public sealed partial class JobRunner(
    JobStore jobs, RunControl control, RunReplay replay, RunAdmission admission, QueuedJobs queue, Wakes wakes,
    JobChanges changes, GatewayConfigStore config, TimeProvider time, ILogger<JobRunner> logger)
{
    private const int SummaryLength = 2_000;

    /// <summary>A job that is later than this was missed while no instance ran.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromMinutes(2);

    /// <summary>Handles every job that is due, and every run that has ended.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (!config.Current.Cron.Enabled)
        {
            return;
        }

        foreach (var status in await jobs.ListDueAsync(cancellationToken))
        {
            try
            {
                var current = await SettleAsync(status, cancellationToken);
                if (current is { RunId: null, NextRunAt: { } due } && due <= time.GetUtcNow())
                {
                    await StartAsync(current, due, cancellationToken); // (2)
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(status.Job.Id, failure.Message); // whatever it is, the jobs behind it are due; the next sweep tries again
            }
        }
    }

    /// <summary>All jobs as they stand now, by name: runs that have ended are recorded first.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<List<JobStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var settled = new List<JobStatus>();
        foreach (var status in await jobs.ListAsync(cancellationToken))
        {
            try
            {
                settled.Add(await SettleAsync(status, cancellationToken));
            }
            catch (GatewayException deleted) when (deleted.Error.Code == ErrorCode.JobNotFound)
            {
                // Between the two reads.
            }
            catch (GatewayException refused) when (refused.Error.Status is >= 400 and < 500)
            {
                settled.Add(status); // its run was not accepted yet; the sweep tries again and logs why
            }
        }

        return settled;
    }

    /// <summary>Starts a job now, whether it is due or not.</summary>
    /// <returns>The id of its run.</returns>
    /// <exception cref="GatewayException"><c>404 job_not_found</c>, <c>409 job_running</c>, what keeps the run from being
    /// accepted.</exception>
    public async Task<string> RunNowAsync(string id, CancellationToken cancellationToken)
    {
        var status = await SettleAsync(await jobs.GetAsync(id, cancellationToken), cancellationToken);
        var begun = status.RunId is null ? await BeginAsync(status, time.GetUtcNow(), status.NextRunAt, cancellationToken) : null;
        return begun ?? throw new GatewayException(JobErrors.Running(id));
    }

    /// <summary>Whether a job waits for its time no longer.</summary>
    /// <exception cref="GatewayException"><c>404 job_not_found</c>.</exception>
    public async Task<bool> IsDueAsync(string id, CancellationToken cancellationToken) =>
        (await jobs.GetAsync(id, cancellationToken)).NextRunAt <= time.GetUtcNow();

    /// <summary>Changes a job. When its schedule changes, or it is switched on, it is due at the next time from now on.</summary>
    /// <exception cref="GatewayException"><c>404 job_not_found</c>, what <paramref name="change"/> throws.</exception>
    public async Task<JobStatus> ChangeAsync(string id, Func<Job, Job> change, CancellationToken cancellationToken)
    {
        var changed = await jobs.ChangeAsync(
            id,
            status =>
            {
                var job = change(status.Job);
                var isSame = job.Schedule == status.Job.Schedule && job.Enabled == status.Job.Enabled;
                return status with { Job = job, NextRunAt = isSame ? status.NextRunAt : JobStore.NextOf(job, time.GetUtcNow()) };
            },
            cancellationToken);
        changes.Note("updated", changed);
        return changed;
    }

    /// <summary>Records the run of a job if it has ended, and accepts it if it was not accepted yet.</summary>
    /// <returns>The job as it is then.</returns>
    public async Task<JobStatus> SettleAsync(JobStatus status, CancellationToken cancellationToken)
    {
        if (status.RunId is not { } runId || RunId.Parse(runId) is not { } parsed)
        {
            return status;
        }

        var row = await replay.FindAsync(parsed.Partition, runId, cancellationToken);
        if (row is null && !status.IsAccepted)
        {
            try
            {
                return await AcceptAsync(status, cancellationToken); // (3)
            }
            catch (GatewayException refused) when (IsFinal(refused.Error))
            {
                return await RefuseAsync(status, refused.Error, cancellationToken);
            }
        }

        if (row is { HasEnded: false })
        {
            await control.EnsureDispatchedAsync(parsed.Partition, row.CreatedAt, cancellationToken);
            return status;
        }

        var run = await DescribeAsync(status, runId, row, cancellationToken); // (1)
        await jobs.RecordAsync(run, cancellationToken);
        return await EndAsync(status, run, status.NextRunAt, cancellationToken);
    }

    private async Task StartAsync(JobStatus status, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var next = JobStore.NextOf(status.Job, now);
        if (config.Current.Cron.SkipMissedJobs && now - due > Punctual)
        {
            await SkipAsync(status, next, new JobRun(status.Job.Id, null, JobRun.Skipped, due, now, now), cancellationToken);
            return;
        }

        try
        {
            if (status.Job is { Payload.Kind: JobPayload.SystemEvent, WakeMode: Job.NextHeartbeat } job)
            {
                await wakes.WakeAsync(
                    QueuedJobs.Operator, QueuedJobs.MainOf(job.AgentId), job.Payload.Content, isNow: false, EventOf(job, due),
                    cancellationToken);
                await SkipAsync(status, next, new JobRun(job.Id, null, JobRun.Ok, due, now, now), cancellationToken);
                return;
            }

            await BeginAsync(status, due, next, cancellationToken);
        }
        catch (GatewayException refused) when (IsFinal(refused.Error))
        {
            var run = new JobRun(status.Job.Id, null, JobRun.Error, due, now, now) { Message = refused.Error.Message };
            await SkipAsync(status, next, run, cancellationToken);
        }
    }

    /// <summary>No later try of a run would be accepted: its agent or model is gone, or the budget is used up.</summary>
    private static bool IsFinal(GatewayError error) => error.Status is >= 400 and < 500 and not 429;

    /// <summary>Records that the run which a job's row names was refused, and makes the job free again.</summary>
    private async Task<JobStatus> RefuseAsync(JobStatus status, GatewayError error, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var started = status.RunningSince ?? now;
        var run = new JobRun(status.Job.Id, null, JobRun.Error, status.RunDueAt ?? started, started, now) { Message = error.Message };
        await jobs.RecordAsync(run, cancellationToken);
        return await EndAsync(status, run, status.NextRunAt, cancellationToken);
    }

    /// <returns>The id of the run; null when another request started one meanwhile.</returns>
    private async Task<string?> BeginAsync(
        JobStatus status, DateTimeOffset due, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        var queued = QueuedJobs.ToQueuedRun(status.Job, due, time.GetUtcNow());
        await admission.AdmitAsync(queue.ToRunRequest(new QueuedJob(status.Job, due), queued), cancellationToken);
        var claimed = await jobs.ChangeAsync(
            status.Job.Id,
            now => now.RunId is not null || now.NextRunAt != status.NextRunAt ? null : now with
            {
                RunId = queued.RunId,
                RunDueAt = due,
                RunningSince = time.GetUtcNow(),
                IsAccepted = false,
                NextRunAt = next,
            },
            cancellationToken);
        if (claimed.RunId != queued.RunId)
        {
            return null;
        }

        CrashPoint.Hit("after-job-claimed");
        await AcceptAsync(claimed, cancellationToken);
        return queued.RunId;
    }

    private async Task<JobStatus> AcceptAsync(JobStatus status, CancellationToken cancellationToken)
    {
        var (job, due) = (status.Job, status.RunDueAt ?? time.GetUtcNow());
        var route = await queue.FindRouteAsync(job, cancellationToken);
        var queued = QueuedJobs.ToQueuedRun(job, due, time.GetUtcNow(), route);
        var admitted = await admission.AdmitAsync(queue.ToRunRequest(new QueuedJob(job, due, route), queued), cancellationToken);
        await control.AcceptAsync(admitted, queued, [], EventOf(job, due), cancellationToken);
        LogStarted(job.Id, queued.RunId);
        changes.Note("started", status);
        CrashPoint.Hit("after-job-accepted");
        return await jobs.ChangeAsync(
            job.Id, now => now.RunId == queued.RunId && !now.IsAccepted ? now with { IsAccepted = true } : null, cancellationToken); // (4)
    }

    private static string EventOf(Job job, DateTimeOffset due) => FormattableString.Invariant($"job {job.Id} {due.UtcTicks}");

    /// <summary>Records a run that did not begin, or needed no run.</summary>
    private async Task SkipAsync(JobStatus status, DateTimeOffset? next, JobRun run, CancellationToken cancellationToken)
    {
        await jobs.RecordAsync(run, cancellationToken);
        CrashPoint.Hit("after-job-recorded");
        await EndAsync(status, run, next, cancellationToken);
    }

    /// <summary>Makes the job free again, in one write. A job that never comes again is switched off, or deleted where it asks for
    /// that.</summary>
    /// <param name="next">When it is due next, unless a run was under way: then it was set when that began.</param>
    private async Task<JobStatus> EndAsync(JobStatus status, JobRun run, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        var isOver = status.Job.Schedule.Kind == ScheduleText.Once && next is null;
        changes.NoteRun(status, run);
        if (isOver && status.Job.DeleteAfterRun && run.Status == JobRun.Ok)
        {
            await jobs.DeleteAsync(status.Job.Id, cancellationToken);
            return status with { RunId = null, LastStatus = run.Status };
        }

        return await jobs.ChangeAsync(
            status.Job.Id,
            now => now.RunId != status.RunId || (status.RunId is null && now.NextRunAt != status.NextRunAt) ? null : now with
            {
                Job = isOver ? now.Job with { Enabled = false } : now.Job,
                NextRunAt = status.RunId is null ? next : now.NextRunAt,
                RunId = null,
                RunDueAt = null,
                RunningSince = null,
                IsAccepted = false,
                LastRunAt = run.StartedAt,
                LastStatus = run.Status,
                LastError = run.Message,
                LastDuration = run.EndedAt - run.StartedAt,
                ConsecutiveErrors = run.Status == JobRun.Error ? now.ConsecutiveErrors + 1 : 0,
            },
            cancellationToken);
    }

    private async Task<JobRun> DescribeAsync(JobStatus status, string runId, RunRow? row, CancellationToken cancellationToken)
    {
        var started = row?.StartedAt ?? status.RunningSince ?? time.GetUtcNow();
        var end = row is null ? null : RunReplay.EndOf(row);
        var text = row is { IsCommitted: true } ? await replay.ReadMessageAsync(row, cancellationToken) : null;
        return new JobRun(
            status.Job.Id, runId, row is not null && end?.Failure is null && row.State != RunRow.Interrupted ? JobRun.Ok : JobRun.Error,
            status.RunDueAt ?? started, started, row?.EndedAt ?? time.GetUtcNow())
        {
            Message = row is null ? "The session of the run was deleted." : end?.Failure?.Message,
            Summary = text is null ? null : Utf16.Head(text, SummaryLength),
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} starts run {RunId}")]
    private partial void LogStarted(string job, string runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not be started or recorded and is tried again: {Reason}")]
    private partial void LogFailed(string job, string reason);
}
