using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Schedules;

/// <summary>One ended run of a job. Row keys count down, so that the newest comes first.</summary>
internal sealed class JobRunRow : TableRow, ITableRow<JobRunRow>
{
    private JobRunRow(TableEntity entity)
        : base(entity)
    {
    }

    public JobRunRow(JobRun run)
        : base(PartitionOf(run.JobId), KeyOf(run.DueAt))
    {
        this["Run"] = run.RunId;
        this["Status"] = run.Status;
        this["DueAt"] = run.DueAt;
        this["StartedAt"] = run.StartedAt;
        this["EndedAt"] = run.EndedAt;
        this["Message"] = run.Message;
        this["Summary"] = run.Summary;
        this["V"] = 1;
    }

    public static string PartitionOf(string jobId) => "runs~" + jobId;

    public static JobRunRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public JobRun ToRun() => new(
        PartitionKey["runs~".Length..], Text("Run"), Text("Status") ?? JobRun.Error, Time("DueAt") ?? default, Time("StartedAt") ?? default,
        Time("EndedAt") ?? default)
    {
        Message = Text("Message"),
        Summary = Text("Summary"),
    };

    private static string KeyOf(DateTimeOffset due) =>
        (DateTimeOffset.MaxValue.UtcTicks - due.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
}
