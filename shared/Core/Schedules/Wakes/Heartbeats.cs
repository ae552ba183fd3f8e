using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Schedules;

/// <summary>Regular runs of each agent in its main session, where <c>agents.defaults.heartbeat.every</c> asks for them. They take the
/// events that wait there. Times are multiples of the interval, so that all instances have the same; what was missed is not made up
/// for.</summary>
public sealed partial class Heartbeats(
    AgentCatalog agents, RunAdmission admission, RunControl control, RunLimits limits, GatewayConfigStore config, TimeProvider time,
    ILogger<Heartbeats> logger) : IQueuedRuns
{
    public const string RunKind = "heartbeat";

    private static readonly Caller Operator = new(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: true);

    /// <summary>A time that passed longer ago was missed.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromMinutes(2);

    private long _lastSlot;

    public string Kind => RunKind;

    /// <summary>The next time after another one.</summary>
    public static DateTimeOffset NextAfter(DateTimeOffset now, TimeSpan every) =>
        new((now.UtcTicks / every.Ticks + 1) * every.Ticks, TimeSpan.Zero);

    /// <summary>Starts the heartbeats that are due.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (config.Current.Agents.Defaults.Heartbeat is not { } heartbeat)
        {
            return;
        }

        var now = time.GetUtcNow();
        var slot = now.UtcTicks / heartbeat.Every.Ticks * heartbeat.Every.Ticks;
        if (slot == _lastSlot || now.UtcTicks - slot > Punctual.Ticks)
        {
            return;
        }

        foreach (var agent in agents.All)
        {
            try
            {
                await StartAsync(agent.Id, slot, heartbeat.Prompt, now, cancellationToken);
            }
            catch (GatewayException refused)
            {
                LogSkipped(agent.Id, refused.Message);
            }
        }

        _lastSlot = slot;
    }

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken) => Task.FromResult(ToRunRequest(queued));

    /// <summary>The id of the run is made of agent and time: instances that sweep at once start one run.</summary>
    private async Task StartAsync(string agent, long slot, string prompt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var session = SessionKey.Of(Operator, agent, $"agent:{agent}:main");
        var name = string.Create(CultureInfo.InvariantCulture, $"heartbeat {agent} {slot}");
        var own = Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
        var queued = QueuedRun.Create(session, RunId.Of(session.Partition, own), RunKind, prompt, now);
        var admitted = await admission.AdmitAsync(ToRunRequest(queued), cancellationToken);
        await control.AcceptAsync(admitted, queued, [], name, cancellationToken);
    }

    private RunRequest ToRunRequest(QueuedRun queued)
    {
        var agent = queued.Session.Agent;
        var selection = new ModelSelection("openclaw/" + agent, agent, null);
        return new RunRequest
        {
            RunId = queued.RunId,
            Caller = Operator,
            Agent = admission.FindAgent(selection, Operator),
            Selection = selection,
            Session = queued.Session,
            Input = [new MessageItem("user", [new TextPart(queued.Request)]) { Id = RandomId.Message() }],
            InputParam = "prompt",
            Limit = limits.Background,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat of agent {Agent} is left out: {Reason}")]
    private partial void LogSkipped(string agent, string reason);
}
