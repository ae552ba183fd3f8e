using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Schedules;

/// <summary>The jobs and their ended runs. Every change of a job is one write of its row, fenced by its ETag.</summary>
public sealed partial class JobStore(GatewayStorage storage, JobChanges changes, TimeProvider time, ILogger<JobStore> logger)
{
    public const string TableName = "schedules";

    /// <summary>Most jobs of a gateway.</summary>
    public const int MaxJobs = 500;

    /// <summary>Ended runs that are kept of each job.</summary>
    public const int KeptRuns = 100;

    private const string IdPrefix = "job_";

    private const int MaxTries = 8;

    private StorageTable Table => storage.Table(TableName);

    public static string NewId() => RandomId.Create(IdPrefix);

    /// <summary>All jobs, by name.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<List<JobStatus>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAsync(new TableQuery { PartitionKey = JobRow.Partition }, cancellationToken))
            .OrderBy(static status => status.Job.Name, StringComparer.Ordinal)
            .ThenBy(static status => status.Job.Id, StringComparer.Ordinal)];

    /// <summary>Jobs that are due, or whose run may have ended.</summary>
    internal Task<List<JobStatus>> ListDueAsync(CancellationToken cancellationToken) =>
        ReadAsync(JobRow.Due(time.GetUtcNow()), cancellationToken);

    /// <exception cref="GatewayException"><c>404 job_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<JobStatus> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) ?? throw new GatewayException(JobErrors.NotFound(id));

    /// <summary>Null when there is no such job.</summary>
    public async Task<JobStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await FindRowAsync(id, cancellationToken))?.ToStatus();

    /// <exception cref="GatewayException"><c>409 too_many_jobs</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<JobStatus> AddAsync(Job job, CancellationToken cancellationToken)
    {
        if ((await ReadAsync(new TableQuery { PartitionKey = JobRow.Partition, Select = ["Job"] }, cancellationToken)).Count >= MaxJobs)
        {
            throw new GatewayException(JobErrors.TooMany(MaxJobs));
        }

        var status = new JobStatus(job, NextOf(job, time.GetUtcNow()));
        await Table.InsertAsync(JobRow.Of(status), cancellationToken);
        changes.Note("added", status);
        return status;
    }

    /// <summary>Changes a job.</summary>
    /// <param name="change">May be called again when another request changed the job meanwhile; null leaves it as it is.</param>
    /// <exception cref="GatewayException"><c>404 job_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<JobStatus> ChangeAsync(string id, Func<JobStatus, JobStatus?> change, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var row = await FindRowAsync(id, cancellationToken) ?? throw new GatewayException(JobErrors.NotFound(id));
            var old = row.ToStatus();
            if (change(old) is not { } changed)
            {
                return old;
            }

            try
            {
                await Table.ReplaceAsync(JobRow.Of(changed), row.ETag, cancellationToken);
                return changed;
            }
            catch (StorageException conflict) when (conflict.Status is 404 or 412 && tries < MaxTries)
            {
                // Changed, or deleted, meanwhile.
            }
        }
    }

    /// <summary>Deletes a job and what is known of its runs. A run that is under way goes on.</summary>
    /// <exception cref="GatewayException"><c>404 job_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var row = await FindRowAsync(id, cancellationToken) ?? throw new GatewayException(JobErrors.NotFound(id));
        await Table.DeleteAsync(JobRow.Partition, row.RowKey, etag: null, cancellationToken);
        await TrimAsync(id, keep: 0, cancellationToken);
        changes.Note("removed", row.ToStatus());
    }

    /// <summary>The ended runs of a job, newest first.</summary>
    public async Task<List<JobRun>> ListRunsAsync(string id, int limit, CancellationToken cancellationToken)
    {
        var runs = new List<JobRun>();
        var query = new TableQuery { PartitionKey = JobRunRow.PartitionOf(id), Top = limit };
        await foreach (var row in Table.QueryAsync<JobRunRow>(query, cancellationToken))
        {
            runs.Add(row.ToRun());
        }

        return runs;
    }

    /// <summary>Keeps a run that has ended; the same run twice is kept once.</summary>
    internal async Task RecordAsync(JobRun run, CancellationToken cancellationToken)
    {
        await Table.UpsertAsync(new JobRunRow(run), cancellationToken);
        await TrimAsync(run.JobId, KeptRuns, cancellationToken);
    }

    /// <summary>When a job is due next; null when it is switched off, or never comes again.</summary>
    internal static DateTimeOffset? NextOf(Job job, DateTimeOffset after) =>
        job.Enabled ? job.Schedule.Read(job.CreatedAt).NextAfter(after)?.ToUniversalTime() : null;

    private async Task TrimAsync(string id, int keep, CancellationToken cancellationToken)
    {
        var query = new TableQuery { PartitionKey = JobRunRow.PartitionOf(id), Select = ["Status"] };
        var left = keep;
        await foreach (var row in Table.QueryAsync<JobRunRow>(query, cancellationToken))
        {
            if (left-- <= 0)
            {
                await Table.DeleteAsync(row.PartitionKey, row.RowKey, etag: null, cancellationToken);
            }
        }
    }

    /// <summary>A row that cannot be read is left out: the others are jobs all the same.</summary>
    private async Task<List<JobStatus>> ReadAsync(TableQuery query, CancellationToken cancellationToken)
    {
        var jobs = new List<JobStatus>();
        await foreach (var row in Table.QueryAsync<JobRow>(query, cancellationToken))
        {
            try
            {
                jobs.Add(row.ToStatus());
            }
            catch (Exception failure) when (failure is JsonException or InvalidOperationException)
            {
                LogUnreadable(row.RowKey, failure.Message);
            }
        }

        return jobs;
    }

    private async Task<JobRow?> FindRowAsync(string id, CancellationToken cancellationToken) =>
        IsId(id) ? await Table.GetAsync<JobRow>(JobRow.Partition, id, cancellationToken) : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored job {Job} cannot be read and is left out: {Reason}")]
    private partial void LogUnreadable(string job, string reason);

    private static bool IsId(string id) => id.Length is > 4 and <= 64 && id.StartsWith(IdPrefix, StringComparison.Ordinal)
        && id.Skip(IdPrefix.Length).All(char.IsAsciiLetterOrDigit);
}
