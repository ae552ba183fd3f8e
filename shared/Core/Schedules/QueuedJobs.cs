using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Schedules;

/// <summary>The runs of jobs, as they are accepted and restored. They are the operator's own.</summary>
public sealed class QueuedJobs(RunAdmission admission, RunLimits limits) : IQueuedRuns
{
    public const string RunKind = "job";

    private static readonly Caller Operator = new(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: true);

    public string Kind => RunKind;

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken)
    {
        var stored = JsonSerializer.Deserialize(queued.Request, SchedulesJson.Default.QueuedJob)
            ?? throw new InvalidOperationException("The stored job is empty.");
        return Task.FromResult(ToRunRequest(stored.Job, queued));
    }

    /// <summary>The run of a job for a time: the same run, whoever makes it.</summary>
    internal static QueuedRun ToQueuedRun(Job job, DateTimeOffset due, DateTimeOffset now)
    {
        var slot = due.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
        var key = job.SessionTarget == "main" ? $"agent:{job.AgentId}:main" : $"agent:{job.AgentId}:cron:{job.Id}:run:{slot}";
        var session = SessionKey.Of(Operator, job.AgentId, key);
        var own = Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{job.Id} {slot}")))[..16];
        var request = JsonSerializer.Serialize(new QueuedJob(job, due), SchedulesJson.Default.QueuedJob);
        return QueuedRun.Create(session, RunId.Of(session.Partition, own), RunKind, request, now);
    }

    /// <exception cref="GatewayException"><c>404 model_not_found</c>: the agent no longer exists.</exception>
    internal RunRequest ToRunRequest(Job job, QueuedRun queued)
    {
        var selection = ModelSelection.Parse(job.Payload.Model, job.AgentId, null);
        var text = job.Payload.Kind == JobPayload.SystemEvent ? $"System: {job.Payload.Content}" : job.Payload.Content;
        return new RunRequest
        {
            RunId = queued.RunId,
            Caller = Operator,
            Agent = admission.FindAgent(selection, Operator),
            Selection = selection,
            Session = queued.Session,
            Input = [new MessageItem("user", [new TextPart(text)]) { Id = RandomId.Message() }],
            InputParam = "payload.message",
            Limit = job.Payload.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : limits.Background,
        };
    }
}
