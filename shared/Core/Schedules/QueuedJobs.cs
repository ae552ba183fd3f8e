using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Text;

namespace OpenClaw.Schedules;

/// <summary>The runs of jobs, as they are accepted and restored. They are the operator's own.</summary>
public sealed partial class QueuedJobs(RunAdmission admission, RunLimits limits, IReplyRoutes routes, ILogger<QueuedJobs> logger)
    : IQueuedRuns
{
    public const string RunKind = "job";

    internal static readonly Caller Operator = new(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: true);

    public string Kind => RunKind;

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken) =>
        Task.FromResult(ToRunRequest(Read(queued), queued));

    /// <inheritdoc/>
    public OutboxDraft? ReplyTo(QueuedRun queued, GatewayError failure)
    {
        var stored = Read(queued);
        return stored.Route is { } route ? routes.Reply(route, failure, queued.CreatedAt)
            : Report(stored, queued, JobRun.Error, null, failure.Message);
    }

    /// <summary>Whether the answers of a job could be delivered.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>, naming the field; <c>503 storage_unavailable</c>.</exception>
    public async Task CheckDeliveryAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.Delivery.Mode == JobDelivery.Webhook)
        {
            routes.CheckUrl(job.Delivery.To!, UrlUse.JobWebhook, "delivery.to");
        }

        if (TargetOf(job) is { Channel: not IReplyRoutes.Last } target)
        {
            await routes.FindAsync(job.AgentId, target, cancellationToken);
        }
    }

    /// <summary>Where the answer of a run is announced. A place that is gone keeps no run from its work.</summary>
    internal async Task<ReplyRoute?> FindRouteAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            return TargetOf(job) is { } target ? await routes.FindAsync(job.AgentId, target, cancellationToken) : null;
        }
        catch (GatewayException gone) when (gone.Error.Status == 400)
        {
            LogNowhere(job.Id, gone.Message);
            return null;
        }
    }

    /// <summary>The run of a job for a time: the same run, whoever makes it.</summary>
    internal static QueuedRun ToQueuedRun(Job job, DateTimeOffset due, DateTimeOffset now, ReplyRoute? route = null)
    {
        var slot = due.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
        var key = job.SessionTarget == "main" ? MainOf(job.AgentId).Key : $"agent:{job.AgentId}:cron:{job.Id}:run:{slot}";
        var session = SessionKey.Of(Operator, job.AgentId, key);
        var own = Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{job.Id} {slot}")))[..16];
        var request = JsonSerializer.Serialize(new QueuedJob(job, due, route), SchedulesJson.Default.QueuedJob);
        return QueuedRun.Create(session, RunId.Of(session.Partition, own), RunKind, request, now);
    }

    /// <exception cref="GatewayException"><c>404 model_not_found</c>: the agent no longer exists.</exception>
    internal RunRequest ToRunRequest(QueuedJob stored, QueuedRun queued)
    {
        var job = stored.Job;
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
            Reply = outcome => stored.Route is { } route ? routes.Reply(route, outcome, queued.CreatedAt)
                : Report(
                    stored, queued, outcome.End.Failure is null ? JobRun.Ok : JobRun.Error, TextOf(outcome), outcome.End.Failure?.Message),
        };
    }

    /// <summary>The main session of an agent, in which its system events are.</summary>
    internal static SessionKey MainOf(string agent) => SessionKey.Of(Operator, agent, $"agent:{agent}:main");

    private OutboxDraft? Report(QueuedJob stored, QueuedRun queued, string status, string? result, string? error)
    {
        var job = stored.Job;
        if (job.Delivery.Mode != JobDelivery.Webhook)
        {
            return null;
        }

        var report = new JobReport("finished", job.Id, job.Name, queued.RunId, status, stored.DueAt.ToUnixTimeMilliseconds())
        {
            Result = result,
            Error = error,
        };
        return routes.Post(
            job.Delivery.To!, UrlUse.JobWebhook, JsonSerializer.Serialize(report, SchedulesJson.Default.JobReport), queued.CreatedAt);
    }

    private static ReplyTarget? TargetOf(Job job) => job.Delivery.Mode != JobDelivery.Announce ? null
        : new ReplyTarget(job.Delivery.Channel ?? IReplyRoutes.Last, job.Delivery.To, job.Delivery.AccountId, "delivery.");

    private static string TextOf(RunOutcome outcome) =>
        string.Concat(outcome.Output.OfType<MessageItem>().SelectMany(m => m.Content).OfType<TextPart>().Select(p => p.Text));

    private static QueuedJob Read(QueuedRun queued) => JsonSerializer.Deserialize(queued.Request, SchedulesJson.Default.QueuedJob)
        ?? throw new InvalidOperationException("The stored job is empty.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer of job {Job} is announced nowhere: {Reason}")]
    private partial void LogNowhere(string job, string reason);
}
