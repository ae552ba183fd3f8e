using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Runs;
using OpenClaw.Schedules;
using OpenClaw.Security;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Realtime.Methods.Schedules;

/// <summary><c>cron.*</c>: jobs that the clock starts.</summary>
internal sealed class CronMethods(
    JobStore jobs, JobInput input, QueuedJobs queue, JobRunner runner, GatewayConfigStore config) : IControlMethods
{
    private const int DefaultLimit = 50;

    public void AddTo(MethodTable table)
    {
        var json = CronMethodsJson.Default;
        table.Add("cron.list", Scope.OperatorRead, json.CronListParams, json.CronList, ListAsync);
        table.Add("cron.status", Scope.OperatorRead, json.EmptyParams, json.CronStatus, StatusAsync);
        table.Add("cron.get", Scope.OperatorRead, json.CronIdParams, json.JobInfo, GetAsync);
        table.Add("cron.runs", Scope.OperatorRead, json.CronRunsParams, json.CronRuns, ListRunsAsync);
        table.Add("cron.add", Scope.OperatorAdmin, json.CronAddParams, json.JobInfo, AddAsync);
        table.Add("cron.update", Scope.OperatorAdmin, json.CronUpdateParams, json.JobInfo, UpdateAsync);
        table.Add("cron.remove", Scope.OperatorAdmin, json.CronIdParams, json.CronRemoved, RemoveAsync);
        table.Add("cron.run", Scope.OperatorAdmin, json.CronRunParams, json.CronStarted, RunAsync);
    }

    private async Task<CronList> ListAsync(ControlCall call, CronListParams given, CancellationToken cancellationToken)
    {
        var all = await runner.ListAsync(cancellationToken);
        var shown = all.Where(status => (given.AgentId is null || status.Job.AgentId == given.AgentId)
            && given.Enabled switch
            {
                "enabled" => status.Job.Enabled,
                "disabled" => !status.Job.Enabled,
                "all" => true,
                _ => status.Job.Enabled || given.IncludeDisabled != false,
            }
            && (given.Query is not { Length: > 0 } text || status.Job.Name.Contains(text, StringComparison.OrdinalIgnoreCase))
            && (given.ScheduleKind is null or "all" || status.Job.Schedule.Kind == given.ScheduleKind)
            && (given.LastRunStatus is null or "all" || status.LastStatus == given.LastRunStatus)).ToList();
        var page = Page.Of(given.Limit ?? JobStore.MaxJobs, given.Offset, shown.Count);
        return new CronList(
            [.. shown.Skip(page.Offset).Take(page.Limit).Select(JobInfo.Of)], RevisionOf(all), shown.Count, page.Offset, page.Limit,
            page.HasMore, page.Next);
    }

    private async Task<CronStatus> StatusAsync(ControlCall call, EmptyParams given, CancellationToken cancellationToken)
    {
        var all = await jobs.ListAsync(cancellationToken);
        return new CronStatus(config.Current.Cron.Enabled, false, "azure-table", JobStore.TableName, all.Count)
        {
            NextWakeAtMs = all.Min(status => status.NextRunAt)?.ToUnixTimeMilliseconds(),
        };
    }

    private async Task<JobInfo> GetAsync(ControlCall call, CronIdParams given, CancellationToken cancellationToken) =>
        JobInfo.Of(await runner.SettleAsync(await jobs.GetAsync(IdOf(given.Id, given.JobId), cancellationToken), cancellationToken));

    private async Task<CronRuns> ListRunsAsync(ControlCall call, CronRunsParams given, CancellationToken cancellationToken)
    {
        var id = given.Id ?? given.JobId;
        List<JobStatus> of = id is null ? await jobs.ListAsync(cancellationToken) : [await jobs.GetAsync(id, cancellationToken)];
        var runs = new List<JobRun>();
        foreach (var status in of.Where(s => given.AgentId is null || s.Job.AgentId == given.AgentId))
        {
            await runner.SettleAsync(status, cancellationToken);
            runs.AddRange(await jobs.ListRunsAsync(status.Job.Id, JobStore.KeptRuns, cancellationToken));
        }

        var shown = runs.Where(run => given.Status is null or "all" || run.Status == given.Status).ToList();
        shown.Sort((a, b) => given.SortDir == "asc" ? a.EndedAt.CompareTo(b.EndedAt) : b.EndedAt.CompareTo(a.EndedAt));
        var page = Page.Of(given.Limit ?? DefaultLimit, given.Offset, shown.Count);
        return new CronRuns(
            [.. shown.Skip(page.Offset).Take(page.Limit).Select(JobRunInfo.Of)], shown.Count, page.Offset, page.Limit, page.HasMore,
            page.Next);
    }

    private async Task<JobInfo> AddAsync(ControlCall call, CronAddParams given, CancellationToken cancellationToken)
    {
        var job = input.Create(FieldsOf(given.Fields));
        await queue.CheckDeliveryAsync(job, cancellationToken);
        return JobInfo.Of(await jobs.AddAsync(job, cancellationToken));
    }

    private async Task<JobInfo> UpdateAsync(ControlCall call, CronUpdateParams given, CancellationToken cancellationToken)
    {
        var id = IdOf(given.Id, given.JobId);
        var fields = given.Patch.ValueKind == JsonValueKind.Object ? JsonObject.Create(given.Patch)!
            : throw RpcException.Invalid("invalid cron.update params: at /patch: must be object");
        await queue.CheckDeliveryAsync(input.Change((await jobs.GetAsync(id, cancellationToken)).Job, fields), cancellationToken);
        return JobInfo.Of(await runner.ChangeAsync(id, job => input.Change(job, fields), cancellationToken));
    }

    private async Task<CronRemoved> RemoveAsync(ControlCall call, CronIdParams given, CancellationToken cancellationToken)
    {
        await jobs.DeleteAsync(IdOf(given.Id, given.JobId), cancellationToken);
        return new CronRemoved(true, true);
    }

    /// <summary>Starts a job now; with the mode <c>due</c> only if it is due.</summary>
    private async Task<CronStarted> RunAsync(ControlCall call, CronRunParams given, CancellationToken cancellationToken)
    {
        var id = IdOf(given.Id, given.JobId);
        if (given.Mode == "due" && !await runner.IsDueAsync(id, cancellationToken))
        {
            return new CronStarted(true, false, "not-due");
        }

        try
        {
            return new CronStarted(true, true, null) { RunId = await runner.RunNowAsync(id, cancellationToken) };
        }
        catch (GatewayException running) when (running.Error.Code == ErrorCode.JobRunning)
        {
            return new CronStarted(true, false, "already-running");
        }
    }

    private static string IdOf(string? id, string? jobId) =>
        id ?? jobId ?? throw RpcException.Invalid("invalid cron params: must have required property 'id'");

    private static JsonObject FieldsOf(Dictionary<string, JsonElement> fields)
    {
        var all = new JsonObject();
        foreach (var (name, value) in fields)
        {
            all[name] = JsonNode.Parse(value.GetRawText());
        }

        return all;
    }

    /// <summary>Differs when any job has changed.</summary>
    private static string RevisionOf(List<JobStatus> all) => Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n', all.Select(status => string.Join(
            ' ', status.Job.Id, status.Job.UpdatedAt.UtcTicks, status.NextRunAt?.UtcTicks, status.RunId,
            status.LastRunAt?.UtcTicks))))))[..16];

    private readonly record struct Page(int Limit, int Offset, bool HasMore, int? Next)
    {
        public static Page Of(int limit, int? offset, int total)
        {
            var from = Math.Max(offset ?? 0, 0);
            var most = Math.Clamp(limit, 1, JobStore.MaxJobs);
            var hasMore = from + (long)most < total;
            return new Page(most, from, hasMore, hasMore ? from + most : null);
        }
    }
}
