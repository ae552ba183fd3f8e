using System.Text.Json;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Schedules;

/// <summary>Runs that have no input of their own: the events that wait in their session are it.</summary>
public sealed class QueuedWakes(RunAdmission admission, SessionEvents events, RunLimits limits) : IQueuedRuns
{
    public const string RunKind = "wake";

    public string Kind => RunKind;

    /// <summary>Needs no run where another one has taken the events.</summary>
    public async Task<QueuedAnswer?> AnswerAsync(QueuedRun queued, CancellationToken cancellationToken) =>
        await events.AnyAsync(queued.Session.Partition, cancellationToken) ? null : new QueuedAnswer(null);

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken) => Task.FromResult(ToRunRequest(
            JsonSerializer.Deserialize(queued.Request, SchedulesJson.Default.Caller)
                ?? throw new InvalidOperationException("The stored caller is empty."),
            queued));

    internal static QueuedRun ToQueuedRun(Caller caller, SessionKey session, DateTimeOffset now) => QueuedRun.Create(
        session, RunId.New(session), RunKind, JsonSerializer.Serialize(caller, SchedulesJson.Default.Caller), now);

    /// <exception cref="Errors.GatewayException"><c>404 model_not_found</c>: the agent no longer exists.</exception>
    internal RunRequest ToRunRequest(Caller caller, QueuedRun queued)
    {
        var agent = queued.Session.Agent;
        var selection = new ModelSelection("openclaw/" + agent, agent, null);
        return new RunRequest
        {
            RunId = queued.RunId,
            Caller = caller,
            Agent = admission.FindAgent(selection, caller),
            Selection = selection,
            Session = queued.Session,
            Input = [],
            InputParam = "text",
            Limit = limits.Background,
        };
    }
}
