using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Calls;
using OpenClaw.Runs.Context;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Input;
using OpenClaw.Runs.Turns;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>Runs one agent for one turn: asks its models, makes the calls of the gateway's tools, and turns the answers into events.
/// <code>
/// BeginAsync (a) a model begins to answer; if it fails, the next one; if the prompt is too long, compact or cut it and ask again,
///                then the models that were not asked yet
/// RunAsync   (b) updates ─► events ─► (c) close the open item ─► (d) calls of the gateway's tools ─► (a) … ─► (e) check that a required
///                call was made
/// </code>
/// A caller's own tools end the turn with their calls; so does a step that calls tools of both. After a crash the steps that the earlier
/// attempt logged are taken over, not asked for again.</summary>
/// <param name="firstIndex">Number of the first output item.</param>
internal sealed class AgentLoop(
    AdmittedRun run, RunTurn turn, PreparedInput input, OwnCalls calls, RunStop stop, int maxSteps, int firstIndex) : IAsyncDisposable
{
    private readonly ModelAnswer _answer = new(turn.Targets, stop);
    private readonly ShownOutput _shown = new(calls.Tools.Has, firstIndex);
    private readonly StepsSoFar _steps = new();
    private readonly List<RunEvent> _restored = [];
    private StepOutput? _step;

    /// <summary>Where the part of the conversation begins that the model gets.</summary>
    private int _start;

    /// <summary>Why there is no whole answer; null as long as there is no failure.</summary>
    public GatewayError? Failure { get; private set; } = input.Failure;

    /// <summary>The model that answers.</summary>
    public ModelTarget Target => _answer.Target;

    /// <summary>Whether a model has worked on this run, so that its tokens count.</summary>
    public bool WasAsked => _answer.Asked is not null || _steps.Count > 0;

    /// <summary>As the provider reports it; what it does not report is estimated. Complete once the output is.</summary>
    public RunUsage Usage => _step is { } step && _answer.Asked is { } asked ? _steps.UsageWith(step.UsageOf(asked)) : _steps.Usage;

    /// <summary>Takes over what earlier attempts did, else asks one model after the other until one gives its first update. If none does,
    /// <see cref="Failure"/> says why.</summary>
    public async Task BeginAsync()
    {
        if (Failure is not null)
        {
            return;
        }

        foreach (var step in await calls.ReadAsync(stop.Token))
        {
            _steps.Restore(step);
            foreach (var item in step.Entry.Items.Where(RunOutcome.IsShown))
            {
                _restored.AddRange(RunReplay.EventsOf(0, item).Select(_shown.Show).OfType<RunEvent>());
            }
        }

        if (_steps.Count == 0)
        {
            await AskAsync();
        }
    }

    /// <summary>The events of the answer, to the last item.</summary>
    public async IAsyncEnumerable<RunEvent> RunAsync()
    {
        foreach (var runEvent in _restored)
        {
            yield return runEvent;
        }

        while (Failure is null)
        {
            if (_step is not null)
            {
                await foreach (var runEvent in AnswerAsync()) // (b) (c)
                {
                    yield return runEvent;
                }

                if (Failure is not null || !Close())
                {
                    break;
                }
            }

            foreach (var call in _steps.OpenCalls) // (d)
            {
                yield return new ToolStarted(call);
            }

            var results = await CallAsync();
            foreach (var result in results)
            {
                yield return new ToolEnded(ToolText.ForEvent(result));
            }

            if (Failure is not null || _steps.Ends)
            {
                break;
            }

            await AskAsync(); // (a)
        }

        if (Failure is null && run.Request.NeedsCall && !_steps.HasCalls) // (e)
        {
            Failure = GatewayError.ToolChoiceNotMet();
        }
    }

    /// <summary>Input, output and end of the run.</summary>
    public RunOutcome Outcome(DateTimeOffset now)
    {
        var end = Failure is null ? _steps.End
            : Failure.Code == ErrorCode.RunCancelled ? new RunCancelled(Usage)
            : new RunFailed(Usage, Failure);
        return new RunOutcome(input.Stored, Items(), end with { EndedAt = now, Usage = Usage });
    }

    /// <summary>Closes the open item as cut off, and returns the answer as far as it came.</summary>
    public RunOutcome Interrupt()
    {
        _step?.Output.Interrupt();
        return new RunOutcome(input.Stored, Items(), new RunIncomplete(Usage, RunIncomplete.Interrupted));
    }

    public async ValueTask DisposeAsync()
    {
        calls.Dispose();
        await _answer.DisposeAsync();
    }

    private List<ConversationItem> Conversation => [.. turn.History, .. input.Shown, .. _steps.Items];

    private IReadOnlyList<ConversationItem> Items() => _steps.ItemsWith(_step?.ItemsOf(Target, calls.Tools) ?? []);

    private static bool IsTooLong(GatewayError? failure) =>
        failure?.Code is ErrorCode.ContextLengthExceeded or ErrorCode.UpstreamRequestTooLarge;

    /// <summary>Begins a step.</summary>
    private async Task AskAsync()
    {
        var mayCall = _steps.Count < maxSteps - 1; // the last step must answer
        _step = new StepOutput(new OutputAssembler(
            name => (mayCall && calls.Tools.Has(name)) || run.Request.MayCall(name),
            (run.Request.MaxToolCalls ?? int.MaxValue) - _steps.Calls));
        Failure = await AskAsync(_answer.StartAsync, mayCall);
        if (IsTooLong(Failure) && await turn.TryFitAsync([.. input.Shown, .. _steps.Items], isTooLong: true, stop.Token))
        {
            Failure = await AskAsync(_answer.StartAsync, mayCall);
        }

        if (IsTooLong(Failure) && _steps.Shorten())
        {
            Failure = await AskAsync(_answer.StartAsync, mayCall);
        }

        while (Failure?.Code == ErrorCode.ContextLengthExceeded && run.Request.TruncatesInput
            && Truncation.Next(Conversation, _start) is { } later)
        {
            _start = later;
            Failure = await AskAsync(_answer.StartAsync, mayCall);
        }

        while (IsTooLong(Failure) && _answer.HasMore)
        {
            Failure = await AskAsync(_answer.StartWithNextAsync, mayCall) is null ? null : Failure; // another model may have more room
        }
    }

    private Task<GatewayError?> AskAsync(Func<IReadOnlyList<ChatMessage>, ModelOptions, Task<GatewayError?>> start, bool mayCall)
    {
        var options = run.Request.ToModelOptions(turn.ReasoningEffort, calls.Tools.Declared);
        if (options.ToolMode is not null && (!mayCall || _steps.HasCalls))
        {
            options.ToolMode = mayCall ? ChatToolMode.Auto : ChatToolMode.None; // what was required has been called
        }

        var history = turn.History;
        var prompt = Prompt.SystemPrompt(run.Agent, run.Request, history, input.Attachments);
        var conversation = _start == 0 ? history.Concat(input.Shown).Concat(_steps.Items) : Truncation.From(Conversation, _start);
        return start(Prompt.ToMessages(prompt, conversation), options);
    }

    /// <summary>The events of one step of a model.</summary>
    private async IAsyncEnumerable<RunEvent> AnswerAsync()
    {
        var output = _step!.Output;
        while (Failure is null && _answer.Current is { } update)
        {
            Failure = _step.Take(update);
            foreach (var runEvent in output.Pending.Select(_shown.Show).OfType<RunEvent>())
            {
                yield return runEvent;
            }

            CrashPoint.Hit("after-model-bytes");
            Failure ??= await _answer.NextAsync();
        }

        foreach (var runEvent in (Failure is null ? output.Finish() : output.Interrupt()).Select(_shown.Show).OfType<RunEvent>())
        {
            yield return runEvent;
        }
    }

    /// <summary>Ends the step of the model.</summary>
    /// <returns>Whether it has calls for the gateway.</returns>
    private bool Close()
    {
        var step = _step!;
        _steps.Add(step.ItemsOf(Target, calls.Tools), step.UsageOf(_answer.Asked!.Value), step.Output.End());
        _step = null;
        return _steps.OpenCalls.Count > 0;
    }

    private async Task<IReadOnlyList<FunctionCallOutputItem>> CallAsync()
    {
        try
        {
            var results = await _steps.MakeAsync(calls);
            return results;
        }
        catch (GatewayException failure)
        {
            Failure = failure.Error;
            return [];
        }
    }
}
