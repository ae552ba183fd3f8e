using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Context;
using OpenClaw.Runs.Input;
using OpenClaw.Runs.Turns;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>Runs one agent for one turn: asks its models and turns the answer into events.
/// <code>
/// BeginAsync (a) a model begins to answer; if it fails, the next one; if the prompt is too long, compact or cut it and ask again,
///                then the models that were not asked yet
/// RunAsync   (b) updates ─► events ─► (c) close the open item ─► (d) check that a required call was made
/// </code>
/// A caller's own tools end the turn with their calls; tools of the gateway will run between (b) and (a).</summary>
/// <param name="firstIndex">Number of the first output item.</param>
internal sealed class AgentLoop(AdmittedRun run, RunTurn turn, PreparedInput input, RunStop stop, int firstIndex) : IAsyncDisposable
{
    private readonly ModelAnswer _answer = new(turn.Targets, stop);
    private RunUsage? _usage;
    private readonly OutputAssembler _output = new(run.Request.MayCall, run.Request.MaxToolCalls ?? int.MaxValue, firstIndex);

    /// <summary>Where the part of the conversation begins that the model gets.</summary>
    private int _start;

    /// <summary>Why there is no whole answer; null as long as there is no failure.</summary>
    public GatewayError? Failure { get; private set; } = input.Failure;

    /// <summary>The model that answers.</summary>
    public ModelTarget Target => _answer.Target;

    /// <summary>Whether a model has worked on this run, so that its tokens count.</summary>
    public bool WasAsked => _answer.Asked is not null;

    /// <summary>As the provider reports it; what it does not report is estimated. Complete once the output is.</summary>
    public RunUsage Usage => _answer.Asked is not var (messages, options) ? _output.Usage : _usage ??= _output.Usage.Estimate(
        () => CallEstimate.OfPrompt(messages, options), () => CallEstimate.OfAnswer(_output.Items));

    /// <summary>Asks one model after the other until one gives its first update. If none does, <see cref="Failure"/> says why.</summary>
    public async Task BeginAsync()
    {
        if (Failure is not null)
        {
            return;
        }

        Failure = await AskAsync(_answer.StartAsync);
        if (IsTooLong(Failure) && await turn.TryFitAsync(input.Shown, isTooLong: true, stop.Token))
        {
            Failure = await AskAsync(_answer.StartAsync);
        }

        while (Failure?.Code == ErrorCode.ContextLengthExceeded && run.Request.TruncatesInput
            && Truncation.Next(Conversation, _start) is { } later)
        {
            _start = later;
            Failure = await AskAsync(_answer.StartAsync);
        }

        while (IsTooLong(Failure) && _answer.HasMore)
        {
            Failure = await AskAsync(_answer.StartWithNextAsync) is null ? null : Failure; // another model may have more room
        }
    }

    /// <summary>The events of the answer, to the last item.</summary>
    public async IAsyncEnumerable<RunEvent> RunAsync()
    {
        while (Failure is null && _answer.Current is { } update) // (b)
        {
            Failure = Take(update);
            foreach (var runEvent in _output.Pending)
            {
                yield return runEvent;
            }

            CrashPoint.Hit("after-model-bytes");
            Failure ??= await _answer.NextAsync();
        }

        foreach (var runEvent in Failure is null ? _output.Finish() : _output.Interrupt()) // (c)
        {
            yield return runEvent;
        }

        if (Failure is null && run.Request.IsToolMissing(_output)) // (d)
        {
            Failure = GatewayError.ToolChoiceNotMet();
        }
    }

    /// <summary>Input, output and end of the run.</summary>
    public RunOutcome Outcome(DateTimeOffset now)
    {
        var end = Failure is null ? _output.End()
            : Failure.Code == ErrorCode.RunCancelled ? new RunCancelled(Usage)
            : new RunFailed(Usage, Failure);
        return new RunOutcome(input.Stored, Items(), end with { EndedAt = now, Usage = Usage });
    }

    /// <summary>Closes the open item as cut off, and returns the answer as far as it came.</summary>
    public RunOutcome Interrupt()
    {
        _output.Interrupt();
        return new RunOutcome(input.Stored, Items(), new RunIncomplete(Usage, RunIncomplete.Interrupted));
    }

    public ValueTask DisposeAsync() => _answer.DisposeAsync();

    private List<ConversationItem> Conversation => [.. turn.History, .. input.Shown];

    /// <summary>The output with the model that made it, where it holds state that must go back to that model only.</summary>
    private IReadOnlyList<ConversationItem> Items() => [.. _output.Items.Select(
        item => item is ReasoningItem or FunctionCallItem { Extra: not null } ? item with { Origin = Target.Reference } : item)];

    private static bool IsTooLong(GatewayError? failure) =>
        failure?.Code is ErrorCode.ContextLengthExceeded or ErrorCode.UpstreamRequestTooLarge;

    private Task<GatewayError?> AskAsync(Func<IReadOnlyList<ChatMessage>, ModelOptions, Task<GatewayError?>> start)
    {
        var options = run.Request.ToModelOptions(turn.ReasoningEffort);
        var history = turn.History;
        var prompt = Prompt.SystemPrompt(run.Agent, run.Request, history, input.Attachments);
        var conversation = _start == 0 ? history.Concat(input.Shown) : Truncation.From(Conversation, _start);
        return start(Prompt.ToMessages(prompt, conversation), options);
    }

    /// <returns>Why the update is no valid part of an answer, or null.</returns>
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
