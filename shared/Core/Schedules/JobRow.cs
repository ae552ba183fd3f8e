using System.Text.Json;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Schedules;

/// <summary>How a job is stored: its definition as JSON, its state in columns. One partition holds all jobs.</summary>
internal sealed class JobRow : TableRow, ITableRow<JobRow>
{
    public const string Partition = "jobs";

    private JobRow(TableEntity entity)
        : base(entity)
    {
    }

    private JobRow(string id)
        : base(Partition, id)
    {
    }

    public static JobRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public static JobRow Of(JobStatus status) => new(status.Job.Id)
    {
        ["Job"] = JsonSerializer.Serialize(status.Job, SchedulesJson.Default.Job),
        ["NextRunAt"] = status.NextRunAt,
        ["Run"] = status.RunId,
        ["DueAt"] = status.RunDueAt,
        ["RunningSince"] = status.RunningSince,
        ["Accepted"] = status.IsAccepted ? true : null,
        ["LastRunAt"] = status.LastRunAt,
        ["LastStatus"] = status.LastStatus,
        ["LastError"] = status.LastError,
        ["LastMs"] = status.LastDuration is { } duration ? (long)duration.TotalMilliseconds : null,
        ["Errors"] = status.ConsecutiveErrors,
        ["V"] = 1,
    };

    /// <summary>Jobs that are due, or whose run may have ended.</summary>
    public static TableQuery Due(DateTimeOffset now) =>
        new() { PartitionKey = Partition, Filter = TableQuery.Where($"NextRunAt le {now} or Run gt {""}") };

    public JobStatus ToStatus() => new(
        JsonSerializer.Deserialize(Text("Job") ?? "null", SchedulesJson.Default.Job)
            ?? throw new InvalidOperationException("The stored job is empty."),
        Time("NextRunAt"))
    {
        RunId = Text("Run"),
        RunDueAt = Time("DueAt"),
        RunningSince = Time("RunningSince"),
        IsAccepted = Flag("Accepted"),
        LastRunAt = Time("LastRunAt"),
        LastStatus = Text("LastStatus"),
        LastError = Text("LastError"),
        LastDuration = Long("LastMs") is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        ConsecutiveErrors = Int("Errors") ?? 0,
    };
}
