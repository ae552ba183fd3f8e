using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Runs.Calls;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Input;
using OpenClaw.Runs.Live;
using OpenClaw.Runs.Turns;
using OpenClaw.Security;
using OpenClaw.Security.Rights;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>Runs agents. Nothing else talks to models or transcripts.</summary>
public sealed partial class RunEngine(
    RunTurns turns, InputMedia media, RunReplay replay, LiveRuns lives, CallerRights rights, UsageLedger usage, OwnToolOffer tools,
    OwnCallServices callServices, RunLimits limits, TimeProvider time, ILogger<RunEngine> logger)
{
    /// <summary>Runs one admitted turn. The last event says how it ended; by then a session has its turn, unless storing it failed. A run
    /// that has ended already under the same id is replayed.
    /// <code>
    /// (0) admission, by the front ─► (1) begin the turn: lease and intent row, or nothing for a stateless one
    ///  ─► (2) read files and images; compact a history that is too long ─► (3) close what an attempt that died left open
    ///  ─► (4) a model begins to answer
    ///  ─► (5) agent loop: updates become events, calls of the gateway's tools are made
    ///  ─► (6) commit, fenced by the session's head ─► (7) end event
    /// </code></summary>
    /// <exception cref="GatewayException"><c>409 session_busy</c>, <c>429</c>, <c>502</c>; only before the first event. Later
    /// failures are a <see cref="RunFailed"/> event, and so is any failure of the model in a queued run.</exception>
    public async IAsyncEnumerable<RunEvent> StreamAsync(AdmittedRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var turn = await turns.BeginAsync(run, cancellationToken); // (1)
        using var live = turn is { IsDurable: true } ? lives.Begin(run.Request) : null;
        await foreach (var runEvent in turn is null ? replay.ReplayAsync(run.Request, cancellationToken)
            : ExecuteAsync(run, turn, cancellationToken))
        {
            turn?.Record(runEvent);
            live?.Add(runEvent);
            yield return runEvent;
        }
    }

    private async IAsyncEnumerable<RunEvent> ExecuteAsync(
        AdmittedRun run, RunTurn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var live = rights.Watch(run.Request.Caller, Scope.OperatorWrite, run.Agent.Id);
        using var stop = new RunStop(live, run.Request.Limit, turn.Lost, turn.Cancelled, cancellationToken);
        var input = await media.ReadAsync(run.Request, turn, stop); // (2)
        await turn.TryFitAsync(input.Shown, isTooLong: false, stop.Token);
        var earlier = await turn.ReadEarlierAsync(cancellationToken); // (3)
        foreach (var runEvent in earlier.ClosingOf(turn.Attempt))
        {
            yield return runEvent;
        }

        var calls = new OwnCalls(await tools.OfAsync(run.Request, turn.Targets, cancellationToken), turn, callServices, stop);
        await using var loop = new AgentLoop(run, turn, input, calls, stop, limits.MaxSteps, earlier.NextIndex);
        RunEnded ended;
        try
        {
            await loop.BeginAsync(); // (4)
            ThrowIfNothingBegan(run, turn, loop);
            if (!earlier.HasStarted)
            {
                yield return new RunStarted(run.Request.RunId, run.Agent.Id, loop.Target.Reference) { Input = input.Stored };
            }

            await foreach (var runEvent in loop.RunAsync()) // (5)
            {
                yield return runEvent;
            }

            ended = await turn.CommitAsync(loop.Outcome(time.GetUtcNow()), loop.Target, cancellationToken); // (6)
        }
        finally
        {
            await CloseAsync(run, turn, loop);
        }

        var elapsed = time.GetElapsedTime(started).TotalMilliseconds;
        LogEnded(run.Request.RunId, run.Agent.Id, loop.Target.Reference, turn.IsDurable, elapsed, ended.Failure?.Code ?? "ok");
        yield return ended; // (7)
    }

    /// <summary>A failure before any output is the caller's answer, with its own status, and no turn is stored. A queued run has no
    /// waiting caller: its failure is stored as its end.</summary>
    private void ThrowIfNothingBegan(AdmittedRun run, RunTurn turn, AgentLoop loop)
    {
        if (loop.Failure is { } failure && run.Request.Queued is null)
        {
            turn.EndWithout(loop.Outcome(time.GetUtcNow()).End);
            throw new GatewayException(failure);
        }
    }

    /// <summary>Counts the tokens, however the loop ended, unless every provider refused; and stores the output so far of a run whose
    /// caller left.</summary>
    private async Task CloseAsync(AdmittedRun run, RunTurn turn, AgentLoop loop)
    {
        var soFar = loop.Interrupt();
        if (loop.WasAsked)
        {
            usage.Count(run.Request.Caller, run.Agent.Id, run.Request.Session, loop.Target, loop.Usage);
        }

        if (turn.IsUndecided)
        {
            await turn.InterruptAsync(soFar, loop.Target);
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Run {RunId} of agent {Agent} on {Model} (durable: {Durable}) ended after {ElapsedMs} ms: {Outcome}")]
    private partial void LogEnded(string runId, string agent, string model, bool durable, double elapsedMs, string outcome);
}
