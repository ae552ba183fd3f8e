using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Models;
using OpenClaw.Sessions;

namespace OpenClaw.Runs;

/// <summary>Runs agents. Nothing else talks to models or transcripts.</summary>
public sealed partial class RunEngine(
    AgentCatalog agents, ModelCatalog models, SessionStore sessions, SessionCompactor compactor, TimeProvider time, ILogger<RunEngine> logger)
{
    /// <summary>Runs one turn. The last event is terminal and comes after the turn is stored.</summary>
    /// <exception cref="GatewayException"><c>404 model_not_found</c>, <c>409 session_busy</c>, <c>429</c>, <c>502</c>; only before
    /// the first event. Later failures are a <see cref="RunFailed"/>.</exception>
    public async IAsyncEnumerable<RunEvent> StreamAsync(RunRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (agent, targets) = Plan(request);
        var startsAnew = SessionCommand.Apply(ref request, ref targets);
        if (request.History is not null || request.Session is null)
        {
            // All that the check needs is here: a bad request touches no storage.
            Prompt.CheckInput(request.History ?? [], Prompt.NewInput(request.Input, sessionIsEmpty: true, keepSystemMessages: true), request.InputParam);
        }

        await using var turn = request.Session is null
            ? null
            : await sessions.BeginTurnAsync(request.Session, request.RunId, request.BusyWait, cancellationToken);
        if (startsAnew)
        {
            turn!.BeginAnew();
        }
        else if (turn is not null)
        {
            targets = PlanSession(request, turn, targets);
        }

        var lost = turn?.Lost ?? CancellationToken.None;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lost);
        stop.CancelAfter(request.Limit);
        var history = request.History ?? turn?.History ?? [];
        var input = turn is null ? request.Input : Prompt.NewInput(request.Input, turn.IsEmpty || request.History is not null, request.KeepsSystemMessages);
        Prompt.CheckInput(history, input, request.InputParam);
        var mayCompact = turn is not null && request.History is null;
        if (mayCompact && await compactor.TryFitAsync(turn!, targets[0], input, isTooLong: false, stop.Token))
        {
            history = turn!.History;
        }

        var output = new OutputAssembler(request.MayCall, request.MaxToolCalls ?? int.MaxValue);
        await using var answer = new ModelAnswer(targets, agent, request, input, stop.Token, lost, cancellationToken);
        var failure = await answer.StartAsync(history);
        if (failure?.Code == "context_length_exceeded" && mayCompact && await compactor.TryFitAsync(turn!, targets[0], input, isTooLong: true, stop.Token))
        {
            failure = await answer.StartAsync(turn!.History);
        }

        if (failure is not null)
        {
            throw new GatewayException(failure); // nothing was said: nothing is stored, the status tells
        }

        RunEnded end;
        try
        {
            yield return new RunStarted(request.RunId, agent.Id, answer.Target.Reference);
            while (answer.Current is { } update)
            {
                failure = Take(output, update);
                foreach (var runEvent in output.Pending)
                {
                    yield return runEvent;
                }

                if (failure is not null)
                {
                    break;
                }

                failure = await answer.NextAsync();
            }

            foreach (var runEvent in failure is null ? output.Finish() : output.Interrupt())
            {
                yield return runEvent;
            }

            failure ??= request.IsToolMissing(output) ? GatewayError.ToolChoiceNotMet() : null;
            end = failure is null ? output.End() : new RunFailed(output.Usage, failure);
            end = await StoreAsync(turn, request, input, output, end, cancellationToken);
        }
        finally
        {
            if (turn is { IsOpen: true })
            {
                output.Interrupt(); // the caller left: keep what it saw
                var outcome = new RunOutcome(input, output.Items, new RunIncomplete(output.Usage, "interrupted"));
                await turn.InterruptAsync([.. input, .. output.Items], Document(request, outcome));
            }
        }

        var elapsed = time.GetElapsedTime(started).TotalMilliseconds;
        var model = answer.Target.Reference;
        LogEnded(request.RunId, agent.Id, model, turn is not null, elapsed, (end as RunFailed)?.Error.Code ?? "ok");

        yield return end;
    }

    /// <summary>Agent and the models to try, before anything is touched.</summary>
    /// <exception cref="GatewayException"><c>404 model_not_found</c>.</exception>
    public (Agent Agent, IReadOnlyList<ModelTarget> Targets) Plan(RunRequest request)
    {
        var selection = request.Selection;
        var agent = agents.Find(selection.Agent) ?? throw new GatewayException(GatewayError.ModelNotFound(selection.Requested));
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

    /// <summary>The session's own settings hold where the caller did not choose.</summary>
    private IReadOnlyList<ModelTarget> PlanSession(RunRequest request, SessionTurn turn, IReadOnlyList<ModelTarget> targets)
    {
        request.Options.ReasoningEffort ??= turn.Thinking;
        return request.Selection.Model is null && turn.Model is { } own && models.Find(own) is { } target ? [target, .. targets] : targets;
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
        SessionTurn? turn, RunRequest request, IReadOnlyList<ConversationItem> input, OutputAssembler output, RunEnded end, CancellationToken cancellationToken)
    {
        if (turn is null)
        {
            return end;
        }

        try
        {
            var document = Document(request, new RunOutcome(input, output.Items, end));
            await turn.CommitAsync([.. input, .. output.Items], end is not RunFailed, document, cancellationToken);
            return end;
        }
        catch (GatewayException lost)
        {
            LogNotStored(turn.RunId, lost.Error.Code);
            return new RunFailed(end.Usage, lost.Error);
        }
    }

    private static Func<TurnRange, StoredDocument>? Document(RunRequest request, RunOutcome outcome) =>
        request.Document is { } make ? range => make(outcome, range) : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} of agent {Agent} on {Model} (durable: {Durable}) ended after {ElapsedMs} ms: {Outcome}")]
    private partial void LogEnded(string runId, string agent, string model, bool durable, double elapsedMs, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} could not be stored: {Code}")]
    private partial void LogNotStored(string runId, string code);
}
