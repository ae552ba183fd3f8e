using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Gateway.Runs;
using OpenClaw.Schedules;
using OpenClaw.Security;
using OpenClaw.Tools;
using OpenClaw.Tools.BuiltIn;

namespace OpenClaw.Gateway.Schedules;

/// <summary><c>cron</c>: jobs that the clock starts. Of the owner only, and with the rights of an administrator.</summary>
internal sealed class CronTool(JobStore jobs, JobInput jobInput, QueuedJobs queue, JobRunner runner) : BuiltInTool(
    "cron", "group:automation", isRepeatable: false,
    "Manages jobs that run at a time: list, add, remove, or run one now. A job has schedule ({kind:'at',at} or {kind:'every',everyMs} or "
        + "{kind:'cron',expr,tz}) and payload ({kind:'agentTurn',message} or {kind:'systemEvent',text}).",
    """
    {"type":"object","properties":{
      "action":{"type":"string","enum":["list","add","remove","run"]},
      "job":{"type":"object","description":"For add: schedule, payload, and perhaps name, delivery, sessionTarget"},
      "jobId":{"type":"string","description":"For remove and run"}},
     "required":["action"],"additionalProperties":false}
    """)
{
    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        call.Context.Caller.Require(Scope.OperatorAdmin);
        var json = JobsJson.Default;
        return input.Choice("action", "", "list", "add", "remove", "run") switch
        {
            "list" => Answer(new JobList([.. (await runner.ListAsync(cancellationToken)).Select(JobInfo.Of)]), json.JobList),
            "add" => Answer(await AddAsync(call, input, cancellationToken), json.JobInfo),
            "remove" => Answer(await RemoveAsync(input.Text("jobId"), cancellationToken), json.DeletedJob),
            "run" => Answer(
                new StartedJob(input.Text("jobId"), await runner.RunNowAsync(input.Text("jobId"), cancellationToken)), json.StartedJob),
            _ => throw new ToolException("The argument 'action' is missing."),
        };
    }

    /// <summary>A job of the agent that adds it, unless it names another one.</summary>
    private async Task<JobInfo> AddAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var given = input.Object("job") ?? throw new ToolException("The argument 'job' is missing.");
        var fields = JsonNode.Parse(given.GetRawText())!.AsObject();
        fields.TryAdd("agentId", call.Context.Agent.Id);
        var job = jobInput.Create(fields);
        await queue.CheckDeliveryAsync(job, cancellationToken);
        return JobInfo.Of(await jobs.AddAsync(job, cancellationToken));
    }

    private async Task<DeletedJob> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await jobs.DeleteAsync(id, cancellationToken);
        return new DeletedJob(id, true);
    }

    private static ToolResult Answer<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        ToolResult.Of(JsonSerializer.Serialize(value, type));
}
