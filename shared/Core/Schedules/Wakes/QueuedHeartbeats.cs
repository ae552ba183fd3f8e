using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Schedules;

/// <summary>The runs of heartbeats, as they are accepted and restored. They are the operator's own.</summary>
public sealed class QueuedHeartbeats(RunAdmission admission, RunLimits limits) : IQueuedRuns
{
    public const string RunKind = "heartbeat";

    public string Kind => RunKind;

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken) => Task.FromResult(ToRunRequest(queued));

    /// <exception cref="Errors.GatewayException"><c>404 model_not_found</c>: the agent no longer exists.</exception>
    internal RunRequest ToRunRequest(QueuedRun queued)
    {
        var agent = queued.Session.Agent;
        var selection = new ModelSelection("openclaw/" + agent, agent, null);
        return new RunRequest
        {
            RunId = queued.RunId,
            Caller = QueuedJobs.Operator,
            Agent = admission.FindAgent(selection, QueuedJobs.Operator),
            Selection = selection,
            Session = queued.Session,
            Input = [new MessageItem("user", [new TextPart(queued.Request)]) { Id = RandomId.Message() }],
            InputParam = "prompt",
            Limit = limits.Background,
        };
    }
}
