using System.Text.Json.Serialization;
using OpenClaw.Errors;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>What happens during a run, in order: started; per item started, deltas, completed; one terminal event. Every
/// dialect is a translation of this stream.</summary>
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
[JsonDerivedType(typeof(RunCompleted), "run.completed")]
[JsonDerivedType(typeof(RunIncomplete), "run.incomplete")]
[JsonDerivedType(typeof(RunFailed), "run.failed")]
[JsonDerivedType(typeof(RunCancelled), "run.cancelled")]
public abstract record RunEvent;

/// <summary>The run was accepted and is carried out later. Only followers of such a run see it, and first.</summary>
public sealed record RunQueued(string RunId) : RunEvent;

/// <summary>The run is admitted: agent and model are known, the session is held.</summary>
/// <param name="Model">The backend model, <c>provider/model</c>.</param>
public sealed record RunStarted(string RunId, string Agent, string Model) : RunEvent
{
    /// <summary>The new input, as the conversation keeps it; not in the journal.</summary>
    [JsonIgnore]
    public IReadOnlyList<ConversationItem>? Input { get; init; }
}

/// <summary>The run was begun again after its instance died: items told so far count for nothing, numbers go on.</summary>
public sealed record RunResumed(int Attempt) : RunEvent;

/// <summary>An output item begins; texts and arguments are still empty.</summary>
/// <param name="Index">Position in the output, from 0.</param>
public sealed record ItemStarted(int Index, ConversationItem Item) : RunEvent;

/// <summary>More text of the message at <paramref name="Index"/>.</summary>
public sealed record TextDelta(int Index, string Text) : RunEvent;

/// <summary>More of a refusal of the message at <paramref name="Index"/>.</summary>
public sealed record RefusalTextDelta(int Index, string Text) : RunEvent;

/// <summary>More of what the model thinks aloud.</summary>
public sealed record ReasoningDelta(int Index, string Text) : RunEvent;

/// <summary>More argument text of the call at <paramref name="Index"/>.</summary>
public sealed record ArgumentsDelta(int Index, string Text) : RunEvent;

/// <summary>The item is whole; its deltas add up to it.</summary>
public sealed record ItemCompleted(int Index, ConversationItem Item) : RunEvent;

/// <summary>How a run ended. Always the last event, and only after the turn is stored.</summary>
public abstract record RunEnded(RunUsage Usage) : RunEvent
{
    /// <summary>When; null for a run that is not stored, or was stored by the first version.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why there is no whole answer; null when there is one, or as much of it as the model gives.</summary>
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

/// <summary>The run failed after output had begun; what there was is stored as interrupted.</summary>
public sealed record RunFailed(RunUsage Usage, GatewayError Error) : RunEnded(Usage)
{
    public override GatewayError? Failure => Error;
}

/// <summary>Somebody asked for the run's end before it came to one; what there was is stored as interrupted.</summary>
public sealed record RunCancelled(RunUsage Usage) : RunEnded(Usage)
{
    public override GatewayError? Failure => GatewayError.RunCancelled();
}

/// <summary>How run events are written down. Additions are compatible; renames are not.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(IReadOnlyList<RunEvent>), TypeInfoPropertyName = "Events")]
[JsonSerializable(typeof(WakeUp))]
public sealed partial class RunJson : JsonSerializerContext;
