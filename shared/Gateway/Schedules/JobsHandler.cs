using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Schedules;

namespace OpenClaw.Gateway.Schedules;

/// <summary><c>/api/cron</c>: jobs that the clock starts.</summary>
public sealed class JobsHandler(JobStore jobs, JobInput input, QueuedJobs queue, JobRunner runner)
{
    private const int MaxBodyBytes = 256 * 1024;

    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken) => new ApiResult<JobList>(
        new JobList([.. (await runner.ListAsync(cancellationToken)).Select(JobInfo.Of)]), JobsJson.Default.JobList);

    /// <exception cref="GatewayException"><c>400</c>, <c>409 too_many_jobs</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var fields = await request.ReadJsonAsync(JobsJson.Default.JsonObject, MaxBodyBytes, cancellationToken);
        var job = input.Create(fields);
        await queue.CheckDeliveryAsync(job, cancellationToken);
        return Show(await jobs.AddAsync(job, cancellationToken), StatusCodes.Status201Created);
    }

    /// <exception cref="GatewayException"><c>404 job_not_found</c>.</exception>
    public async Task<IResult> GetAsync(string id, CancellationToken cancellationToken) =>
        Show(await runner.SettleAsync(await jobs.GetAsync(id, cancellationToken), cancellationToken));

    /// <exception cref="GatewayException"><c>400</c>, <c>404 job_not_found</c>.</exception>
    public async Task<IResult> ChangeAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var fields = await request.ReadJsonAsync(JobsJson.Default.JsonObject, MaxBodyBytes, cancellationToken);
        await queue.CheckDeliveryAsync(input.Change((await jobs.GetAsync(id, cancellationToken)).Job, fields), cancellationToken);
        return Show(await runner.ChangeAsync(id, job => input.Change(job, fields), cancellationToken));
    }

    /// <exception cref="GatewayException"><c>404 job_not_found</c>.</exception>
    public async Task<IResult> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await jobs.DeleteAsync(id, cancellationToken);
        return new ApiResult<DeletedJob>(new DeletedJob(id, true), JobsJson.Default.DeletedJob);
    }

    /// <summary>Starts the job now.</summary>
    /// <exception cref="GatewayException"><c>404 job_not_found</c>, <c>409 job_running</c>.</exception>
    public async Task<IResult> RunAsync(string id, CancellationToken cancellationToken)
    {
        var runId = await runner.RunNowAsync(id, cancellationToken);
        return new ApiResult<StartedJob>(new StartedJob(id, runId), JobsJson.Default.StartedJob, StatusCodes.Status202Accepted);
    }

    /// <exception cref="GatewayException"><c>400 invalid_value</c>, <c>404 job_not_found</c>.</exception>
    public async Task<IResult> ListRunsAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        await runner.SettleAsync(await jobs.GetAsync(id, cancellationToken), cancellationToken);
        var limit = PageQuery.ReadLimit(request.Query, JobStore.KeptRuns, JobStore.KeptRuns);
        return new ApiResult<JobRunList>(
            new JobRunList([.. (await jobs.ListRunsAsync(id, limit, cancellationToken)).Select(JobRunInfo.Of)]),
            JobsJson.Default.JobRunList);
    }

    private static ApiResult<JobInfo> Show(JobStatus status, int code = StatusCodes.Status200OK) =>
        new(JobInfo.Of(status), JobsJson.Default.JobInfo, code);
}
