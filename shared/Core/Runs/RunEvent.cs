using System.Text.Json.Serialization;
using OpenClaw.Errors;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>One event of a run. Their order: run started; for each item its start, its deltas and its completion; one event at the end.
/// Every dialect translates this stream.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunQueued), "run.queued")]
[JsonDerivedType(typeof(RunStarted), "run.started")]
[JsonDerivedType(typeof(RunResumed), "run.resumed")]
[JsonDerivedType(typeof(ItemStarted), "item.started")]
[JsonDerivedType(typeof(TextDelta), "text.delta")]
[JsonDerivedType(typeof(RefusalTextDelta), "refusal.delta")]
[JsonDerivedType(typeof(ReasoningDelta), "reasoning.delta")]
[JsonDerivedType(typeof(ArgumentsDelta), "arguments.delta")]
[JsonDerivedType(typeof(ItemCompleted), "item.completed")]
[JsonDerivedType(typeof(ToolStarted), "tool.started")]
[JsonDerivedType(typeof(ToolEnded), "tool.ended")]
[JsonDerivedType(typeof(RunCompleted), "run.completed")]
[JsonDerivedType(typeof(RunIncomplete), "run.incomplete")]
[JsonDerivedType(typeof(RunFailed), "run.failed")]
[JsonDerivedType(typeof(RunCancelled), "run.cancelled")]
public abstract record RunEvent;

/// <summary>The run was accepted and will be executed later. The first event that a follower of such a run sees.</summary>
public sealed record RunQueued(string RunId) : RunEvent;

/// <summary>A model has begun to answer: agent and model are known, a stored run holds its session.</summary>
/// <param name="Model">The backend model, <c>provider/model</c>.</param>
public sealed record RunStarted(string RunId, string Agent, string Model) : RunEvent
{
    /// <summary>The new input, as the conversation keeps it; not in the journal.</summary>
    [JsonIgnore]
    public IReadOnlyList<ConversationItem>? Input { get; init; }
}

/// <summary>Another attempt begins after the instance died. The items shown so far are no part of the answer; the numbers of events and
/// items continue.</summary>
public sealed record RunResumed(int Attempt) : RunEvent;

/// <summary>An output item begins; texts and arguments are still empty.</summary>
/// <param name="Index">Position in the output, from 0.</param>
public sealed record ItemStarted(int Index, ConversationItem Item) : RunEvent;

/// <summary>More text of the message at <paramref name="Index"/>.</summary>
public sealed record TextDelta(int Index, string Text) : RunEvent
{
    /// <summary>The log probabilities of the tokens that came with it, where the caller asked for them.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }
}

/// <summary>More of a refusal of the message at <paramref name="Index"/>.</summary>
public sealed record RefusalTextDelta(int Index, string Text) : RunEvent
{
    /// <inheritdoc cref="TextDelta.Logprobs"/>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }
}

/// <summary>More of the model's reasoning.</summary>
public sealed record ReasoningDelta(int Index, string Text) : RunEvent;

/// <summary>More argument text of the call at <paramref name="Index"/>.</summary>
public sealed record ArgumentsDelta(int Index, string Text) : RunEvent;

/// <summary>The item is whole; its deltas add up to it.</summary>
public sealed record ItemCompleted(int Index, ConversationItem Item) : RunEvent;

/// <summary>The gateway calls a tool of its own. No part of the answer.</summary>
public sealed record ToolStarted(FunctionCallItem Call) : RunEvent;

/// <summary>The result of such a call, its text cut to what a reader of events needs.</summary>
public sealed record ToolEnded(FunctionCallOutputItem Result) : RunEvent;

/// <summary>How a run ended. Always the last event; by then a session has its turn, unless storing it failed.</summary>
public abstract record RunEnded(RunUsage Usage) : RunEvent
{
    /// <summary>When the run ended; null for a run that is not stored, or was stored by the first version.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why there is no whole answer; null when the model finished or was cut by a limit.</summary>
    [JsonIgnore]
    public virtual GatewayError? Failure => null;
}

/// <summary>The model came to its end, or asks for a tool.</summary>
public sealed record RunCompleted(RunUsage Usage) : RunEnded(Usage)
{
    /// <summary>The caller's stop sequence that ended the answer, where the provider names it.</summary>
    public string? StopSequence { get; init; }
}

/// <summary>The answer was cut.</summary>
/// <param name="Reason"><c>max_output_tokens</c>, <c>content_filter</c> or <see cref="Interrupted"/>.</param>
public sealed record RunIncomplete(RunUsage Usage, string Reason) : RunEnded(Usage)
{
    /// <summary>The caller left, or the instance died.</summary>
    public const string Interrupted = "interrupted";
}

/// <summary>The run failed. Output that had begun is stored as interrupted, unless storing it is what failed.</summary>
public sealed record RunFailed(RunUsage Usage, GatewayError Error) : RunEnded(Usage)
{
    public override GatewayError? Failure => Error;
}

/// <summary>The run was cancelled; the output so far is stored as interrupted.</summary>
public sealed record RunCancelled(RunUsage Usage) : RunEnded(Usage)
{
    public override GatewayError? Failure => GatewayError.RunCancelled();
}
