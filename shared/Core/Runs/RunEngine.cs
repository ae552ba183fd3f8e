using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Context;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Input;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>Runs agents. Nothing else talks to models or transcripts.</summary>
public sealed partial class RunEngine(
    AgentCatalog agents, ModelCatalog models, InputMedia media, SessionStore sessions, RunReplay replay, SessionCompactor compactor, BudgetGuard budgets, UsageLedger usage,
    TimeProvider time, ILogger<RunEngine> logger)
{
    /// <summary>Runs one turn. The last event is terminal and comes after the turn is stored. A run that ended before, under the
    /// same id, is told again.</summary>
    /// <exception cref="GatewayException"><c>402 budget_exceeded</c>, <c>404 model_not_found</c>, <c>409 session_busy</c>, <c>429</c>, <c>502</c>; only before
    /// the first event. Later failures are a <see cref="RunFailed"/>, and so are those of a queued run's model.</exception>
    public async IAsyncEnumerable<RunEvent> StreamAsync(RunRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (agent, targets) = await AdmitAsync(request, cancellationToken);
        var startsAnew = SessionCommand.Apply(ref request, ref targets);
        if (request.History is not null || request.Session is null)
        {
            // All that the check needs is here: a bad request touches no storage.
            Prompt.CheckInput(request.History ?? [], Prompt.NewInput(request.Input, sessionIsEmpty: true, keepSystemMessages: true), request.InputParam);
        }

        await using var turn = request.Session is null
            ? null
            : await sessions.BeginTurnAsync(
                new TurnClaim(request.Session, request.RunId, request.BusyWait) { Queued = request.Queued, RepeatedAt = request.RepeatedAt }, cancellationToken);
        var events = turn is null && request.Session is not null
            ? TellAsync(request, cancellationToken)
            : RunAsync(request, agent, PlanSession(request, turn, targets, startsAnew), turn, cancellationToken);
        await foreach (var runEvent in events)
        {
            if (turn?.Journal.Records == true && runEvent is not RunEnded)
            {
                turn.Journal.Add(JsonSerializer.Serialize(runEvent, RunJson.Default.RunEvent));
            }

            yield return runEvent;
        }
    }

    /// <summary>Whether the run may begin: its agent and models are there, and nobody's budget is used up.</summary>
    /// <exception cref="GatewayException"><c>404 model_not_found</c>, <c>403 agent_not_allowed</c>, <c>402 budget_exceeded</c>, <c>429</c>.</exception>
    public async Task<(Agent Agent, IReadOnlyList<ModelTarget> Targets)> AdmitAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var plan = Plan(request);
        await budgets.CheckAsync(plan.Agent.Id, request.Caller, cancellationToken);
        return plan;
    }

    /// <summary>Agent and the models to try, before anything is touched.</summary>
    /// <exception cref="GatewayException"><c>404 model_not_found</c>, <c>403 agent_not_allowed</c>.</exception>
    public (Agent Agent, IReadOnlyList<ModelTarget> Targets) Plan(RunRequest request)
    {
        var selection = request.Selection;
        var agent = agents.Find(selection.Agent) ?? throw new GatewayException(GatewayError.ModelNotFound(selection.Requested));
        request.Caller.RequireAgent(agent.Id);
        var references = selection.Model is not null ? [selection.Model]
            : agent.Models.Count > 0 ? agent.Models
            : [models.DefaultReference];
        var targets = new List<ModelTarget>(references.Count);
        foreach (var reference in references)
        {
            targets.Add(models.Find(reference) ?? throw new GatewayException(selection.Model is not null
                ? GatewayError.ModelNotFound(reference)
                : GatewayError.AgentModelMissing(agent.Id, reference)));
        }

        return (agent, targets);
    }

    private async IAsyncEnumerable<RunEvent> TellAsync(RunRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var row = await replay.FindAsync(request.Session!.Partition, request.RunId, cancellationToken)
            ?? throw new GatewayException(GatewayError.SessionLost());
        await foreach (var runEvent in replay.TellAsync(row, request.RunId, cancellationToken))
        {
            yield return runEvent;
        }
    }

    private async IAsyncEnumerable<RunEvent> RunAsync(
        RunRequest request, Agent agent, IReadOnlyList<ModelTarget> targets, SessionTurn? turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (lost, cancelled) = turn is null ? default : (turn.Lost, turn.Journal.Stopped);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lost, cancelled);
        stop.CancelAfter(request.Limit);
        var history = request.History ?? turn?.History ?? [];
        var input = turn is null ? request.Input : Prompt.NewInput(request.Input, turn.IsEmpty || request.History is not null, request.KeepsSystemMessages);
        Prompt.CheckInput(history, input, request.InputParam);
        var (prepared, failure) = await PrepareAsync(request, input, targets, stop.Token, lost, cancelled, cancellationToken);
        (request, input) = (request with { Attachments = prepared.Attachments }, prepared.Shown);
        var mayCompact = turn is not null && request.History is null;
        if (mayCompact && await compactor.TryFitAsync(turn!, targets[0], input, isTooLong: false, stop.Token))
        {
            history = turn!.History;
        }

        var earlier = await replay.ReadEarlierAsync(request.Queued, turn, cancellationToken);
        foreach (var runEvent in earlier.Closing)
        {
            yield return runEvent;
        }

        if (earlier.NextIndex > 0)
        {
            yield return new RunResumed(turn!.Journal.Attempt);
        }

        var output = new OutputAssembler(request.MayCall, request.MaxToolCalls ?? int.MaxValue, earlier.NextIndex);
        await using var answer = new ModelAnswer(targets, agent, request, input, stop.Token, lost, cancelled, cancellationToken);
        failure ??= await answer.StartAsync(history);
        if (failure?.Code == "context_length_exceeded" && mayCompact && await compactor.TryFitAsync(turn!, targets[0], input, isTooLong: true, stop.Token))
        {
            failure = await answer.StartAsync(turn!.History);
        }

        if (failure is not null && request.Queued is null)
        {
            var end = Outcome(output, failure);
            turn?.WithoutTurn = (StateOf(end), JsonSerializer.Serialize(end, RunJson.Default.RunEvent));
            throw new GatewayException(failure); // nothing was said: nothing is stored, the status tells
        }

        RunEnded ended;
        try
        {
            if (!earlier.HasStarted)
            {
                yield return new RunStarted(request.RunId, agent.Id, answer.Target.Reference) { Input = prepared.Stored };
            }

            while (failure is null && answer.Current is { } update)
            {
                failure = Take(output, update);
                foreach (var runEvent in output.Pending)
                {
                    yield return runEvent;
                }

                CrashPoint.Hit("after-model-bytes");
                failure ??= await answer.NextAsync();
            }

            foreach (var runEvent in failure is null ? output.Finish() : output.Interrupt())
            {
                yield return runEvent;
            }

            failure ??= request.IsToolMissing(output) ? GatewayError.ToolChoiceNotMet() : null;
            ended = await StoreAsync(turn, request, prepared.Stored, output, Outcome(output, failure), answer.Target.Reference, cancellationToken);
        }
        finally
        {
            usage.Count(request.Caller, agent.Id, request.Session, answer.Target.Reference, answer.Target.Info?.Cost, output.Usage);
            if (turn is { IsOpen: true } && request.Queued is null)
            {
                output.Interrupt(); // the caller left: keep what it saw
                var outcome = new RunOutcome(prepared.Stored, output.Items, new RunIncomplete(output.Usage, RunIncomplete.Interrupted));
                await turn.InterruptAsync(ToCommit(request, outcome, answer.Target.Reference));
            }
        }

        var elapsed = time.GetElapsedTime(started).TotalMilliseconds;
        LogEnded(request.RunId, agent.Id, answer.Target.Reference, turn is not null, elapsed, ended.Failure?.Code ?? "ok");
        yield return ended;
    }

    /// <summary>Reads the files and images of the input; a run that many models may answer is given PDFs as they are only when all of them
    /// read those.</summary>
    private async Task<(PreparedInput Input, GatewayError? Failure)> PrepareAsync(
        RunRequest request, IReadOnlyList<ConversationItem> input, IReadOnlyList<ModelTarget> targets,
        CancellationToken stop, CancellationToken lost, CancellationToken cancelled, CancellationToken caller)
    {
        if (request.Media is not { } rules)
        {
            return (new PreparedInput(input, input, []), null);
        }

        try
        {
            return (await media.PrepareAsync(input, rules, request.Caller, targets.All(t => t.Info?.Input.Contains("pdf", StringComparer.Ordinal) == true), stop), null);
        }
        catch (GatewayException failure)
        {
            return (InputMedia.Unread(input), failure.Error);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !caller.IsCancellationRequested)
        {
            return (InputMedia.Unread(input), ModelAnswer.WhyStopped(lost, cancelled));
        }
    }

    private RunEnded Outcome(OutputAssembler output, GatewayError? failure)
    {
        var end = failure is null ? output.End()
            : failure.Code == GatewayError.RunCancelled().Code ? new RunCancelled(output.Usage)
            : new RunFailed(output.Usage, failure);
        return end with { EndedAt = time.GetUtcNow() };
    }

    private static string StateOf(RunEnded end) => end switch
    {
        RunCompleted => RunRow.Completed,
        RunIncomplete { Reason: RunIncomplete.Interrupted } => RunRow.Interrupted,
        RunIncomplete => RunRow.Incomplete,
        RunCancelled => RunRow.Cancelled,
        _ => RunRow.Failed,
    };

    /// <summary>The session's own settings hold where the caller did not choose; a command begins it anew.</summary>
    private IReadOnlyList<ModelTarget> PlanSession(RunRequest request, SessionTurn? turn, IReadOnlyList<ModelTarget> targets, bool startsAnew)
    {
        if (startsAnew)
        {
            turn?.BeginAnew();
            return targets;
        }

        request.Options.ReasoningEffort ??= turn?.Thinking;
        return request.Selection.Model is null && turn?.Model is { } own && models.Find(own) is { } target ? [target, .. targets] : targets;
    }

    /// <returns>Why the update made no sense, or null.</returns>
    private static GatewayError? Take(OutputAssembler output, ChatResponseUpdate update)
    {
        try
        {
            output.Add(update);
            return null;
        }
        catch (GatewayException failure)
        {
            return failure.Error;
        }
    }

    /// <summary>Commits the turn, or what there is of it.</summary>
    /// <returns>How the run ends for its caller: as it did, or failed when it could not be stored.</returns>
    private async Task<RunEnded> StoreAsync(
        SessionTurn? turn, RunRequest request, IReadOnlyList<ConversationItem> input, OutputAssembler output, RunEnded end, string model, CancellationToken cancellationToken)
    {
        if (turn is null)
        {
            return end;
        }

        try
        {
            await turn.CommitAsync(ToCommit(request, new RunOutcome(input, output.Items, end), model), cancellationToken);
            return end;
        }
        catch (GatewayException lost)
        {
            LogNotStored(turn.RunId, lost.Error.Code);
            if (request.Queued is not null)
            {
                throw; // it is tried again
            }

            return new RunFailed(end.Usage, lost.Error);
        }
    }

    private static TurnCommit ToCommit(RunRequest request, RunOutcome outcome, string model) =>
        new([.. outcome.Input, .. outcome.Output], StateOf(outcome.End))
        {
            InputCount = outcome.Input.Count,
            Document = request.Document is { } make ? range => make(outcome, range) : null,
            Model = model,
            End = JsonSerializer.Serialize(outcome.End, RunJson.Default.RunEvent),
        };

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} of agent {Agent} on {Model} (durable: {Durable}) ended after {ElapsedMs} ms: {Outcome}")]
    private partial void LogEnded(string runId, string agent, string model, bool durable, double elapsedMs, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} could not be stored: {Code}")]
    private partial void LogNotStored(string runId, string code);
}
