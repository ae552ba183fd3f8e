using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Context;
using OpenClaw.Runs.Input;
using OpenClaw.Runs.Turns;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>One agent at work on one turn.
/// <code>
/// BeginAsync (1) sum up a history that would not fit ─► (2) a model begins to answer; the next one where it fails; summed up where it is too long
/// RunAsync   (3) updates ─► events ─► (4) close what is open ─► (5) check that a required call was made
/// </code>
/// A caller's own tools end the turn with their calls; tools of the gateway will run between (3) and (2).</summary>
/// <param name="firstIndex">Number of the first output item.</param>
internal sealed class AgentLoop(AdmittedRun run, RunTurn turn, PreparedInput input, RunStop stop, int firstIndex) : IAsyncDisposable
{
    private readonly ModelAnswer _answer = new(turn.Targets, stop);
    private readonly OutputAssembler _output = new(run.Request.MayCall, run.Request.MaxToolCalls ?? int.MaxValue, firstIndex);

    /// <summary>Why there is no whole answer; null as long as there is no failure.</summary>
    public GatewayError? Failure { get; private set; } = input.Failure;

    /// <summary>The model that answers.</summary>
    public ModelTarget Target => _answer.Target;

    public RunUsage Usage => _output.Usage;

    /// <summary>Brings a model to its first update. <see cref="Failure"/> says when none answers.</summary>
    public async Task BeginAsync()
    {
        if (Failure is not null)
        {
            return;
        }

        Failure = await AskAsync();
        if (Failure?.Code == ErrorCode.ContextLengthExceeded && await turn.TryFitAsync(input.Shown, isTooLong: true, stop.Token))
        {
            Failure = await AskAsync();
        }
    }

    /// <summary>The events of the answer, to the last item.</summary>
    public async IAsyncEnumerable<RunEvent> RunAsync()
    {
        while (Failure is null && _answer.Current is { } update) // (3)
        {
            Failure = Take(update);
            foreach (var runEvent in _output.Pending)
            {
                yield return runEvent;
            }

            CrashPoint.Hit("after-model-bytes");
            Failure ??= await _answer.NextAsync();
        }

        foreach (var runEvent in Failure is null ? _output.Finish() : _output.Interrupt()) // (4)
        {
            yield return runEvent;
        }

        if (Failure is null && run.Request.IsToolMissing(_output)) // (5)
        {
            Failure = GatewayError.ToolChoiceNotMet();
        }
    }

    /// <summary>What the run came to.</summary>
    public RunOutcome Outcome(DateTimeOffset now)
    {
        var end = Failure is null ? _output.End()
            : Failure.Code == ErrorCode.RunCancelled ? new RunCancelled(Usage)
            : new RunFailed(Usage, Failure);
        return new RunOutcome(input.Stored, _output.Items, end with { EndedAt = now });
    }

    /// <summary>What there is of an answer that is broken off.</summary>
    public RunOutcome Interrupt()
    {
        _output.Interrupt();
        return new RunOutcome(input.Stored, _output.Items, new RunIncomplete(Usage, RunIncomplete.Interrupted));
    }

    public ValueTask DisposeAsync() => _answer.DisposeAsync();

    private Task<GatewayError?> AskAsync()
    {
        var request = run.Request;
        var options = request.Options.Copy();
        options.Tools = [.. request.Tools.Where(t => request.MayCall(t.Name))];
        options.ToolMode = options.Tools.Count > 0 ? request.ToolChoice.ToToolMode() : null;
        options.ReasoningEffort ??= turn.ReasoningEffort;
        var history = turn.History;
        var prompt = Prompt.SystemPrompt(run.Agent, request, history, input.Attachments);
        return _answer.StartAsync(Prompt.ToMessages(prompt, history.Concat(input.Shown)), options);
    }

    /// <returns>Why the update made no sense, or null.</returns>
    private GatewayError? Take(ChatResponseUpdate update)
    {
        try
        {
            _output.Add(update);
            return null;
        }
        catch (GatewayException failure)
        {
            return failure.Error;
        }
    }
}
