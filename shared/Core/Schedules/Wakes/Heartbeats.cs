using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Schedules;

/// <summary>Regular runs of each agent in its main session, where <c>agents.defaults.heartbeat.every</c> asks for them. They take the
/// events that wait there. Times are multiples of the interval, so that all instances have the same; what was missed is not made up
/// for.</summary>
public sealed partial class Heartbeats(
    AgentCatalog agents, RunAdmission admission, RunControl control, QueuedHeartbeats queue, GatewayConfigStore config, TimeProvider time,
    ILogger<Heartbeats> logger)
{
    /// <summary>A time that passed longer ago was missed.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromMinutes(2);

    private long _lastSlot;

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

        var isDone = true;
        foreach (var agent in agents.All)
        {
            try
            {
                await StartAsync(agent.Id, slot, heartbeat.Prompt, now, cancellationToken);
            }
            catch (GatewayException refused) when (refused.Error.Status is >= 400 and < 500)
            {
                LogSkipped(agent.Id, refused.Message);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                isDone = false; // the next sweep may still be in time
                LogLater(agent.Id, failure.Message);
            }
        }

        if (isDone)
        {
            _lastSlot = slot;
        }
    }

    /// <summary>The id of the run is made of agent and time: instances that sweep at once start one run.</summary>
    private async Task StartAsync(string agent, long slot, string prompt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var session = QueuedJobs.MainOf(agent);
        var name = string.Create(CultureInfo.InvariantCulture, $"heartbeat {agent} {slot}");
        var own = Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
        var queued = QueuedRun.Create(session, RunId.Of(session.Partition, own), QueuedHeartbeats.RunKind, prompt, now);
        var admitted = await admission.AdmitAsync(queue.ToRunRequest(queued), cancellationToken);
        await control.AcceptAsync(admitted, queued, [], name, cancellationToken);
        CrashPoint.Hit("after-heartbeat-accepted");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat of agent {Agent} is left out: {Reason}")]
    private partial void LogSkipped(string agent, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat of agent {Agent} could not be started and is tried again: {Reason}")]
    private partial void LogLater(string agent, string reason);
}
