using Microsoft.Extensions.AI;
using OpenClaw.Agents;
using OpenClaw.Models;
using OpenClaw.Runs.Input;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Runs;

/// <summary>One turn of an agent, as every front asks for it.</summary>
public sealed record RunRequest
{
    public static TimeSpan DefaultLimit { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Unique; see <see cref="Sessions.RunId"/>.</summary>
    public required string RunId { get; init; }

    /// <summary>The accepted request that this run executes; null when a caller waits for the answer.</summary>
    public QueuedRun? Queued { get; init; }

    /// <summary>Set when the same run may have been asked for before, to the moment of the present request: a run that has ended is
    /// replayed, not executed again.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>The agent to run; see <see cref="RunAdmission.FindAgent"/>.</summary>
    public required Agent Agent { get; init; }

    /// <summary>What the caller asked for: an agent, and possibly a model in place of its own.</summary>
    public required ModelSelection Selection { get; init; }

    /// <summary>The session to continue; null runs stateless and touches no storage.</summary>
    public SessionKey? Session { get; init; }

    /// <summary>All the conversation the caller brought, oldest first; system and developer messages among it.</summary>
    public required IReadOnlyList<ConversationItem> Input { get; init; }

    /// <summary>What the caller calls its input, for errors.</summary>
    public string InputParam { get; init; } = "messages";

    /// <summary>The conversation so far, in place of what the session holds: a chain of responses.</summary>
    public IReadOnlyList<ConversationItem>? History { get; init; }

    /// <summary>Keeps system and developer messages in the stored turn: those of a chain hold for all that continue it.</summary>
    public bool KeepsSystemMessages { get; init; }

    /// <summary>Whether <c>/new</c> and <c>/reset</c> mean something in its last message.</summary>
    public bool AllowsCommands { get; init; }

    /// <summary>What to store with the turn, made from its outcome.</summary>
    public Func<RunOutcome, TurnRange, StoredDocument>? Document { get; init; }

    /// <summary>Extra system prompt of this run only; never stored.</summary>
    public string? Instructions { get; init; }

    /// <summary>What files and images the input may bring; null where it brings none.</summary>
    public InputRules? Media { get; init; }

    /// <summary>The caller's own function tools.</summary>
    public IReadOnlyList<FunctionTool> Tools { get; init; } = [];

    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>Calls of one answer beyond this many are dropped.</summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>Whether the run fails when a required tool was not called.</summary>
    public bool EnforcesToolChoice { get; init; }

    /// <summary>Sampling and output settings; the engine sets tools and instructions on copies.</summary>
    public ModelOptions Options { get; init; } = new();

    /// <summary>Whether the model may call a tool of this name.</summary>
    public bool MayCall(string tool) => ToolChoice.Allows(tool) && Tools.Any(t => t.Name == tool);

    /// <summary>Whether the model owes a call that it did not make.</summary>
    public bool IsToolMissing(OutputAssembler output) => EnforcesToolChoice && ToolChoice.Mode == ToolChoiceMode.Required && !output.HasCalls;

    /// <summary>How long the run may take.</summary>
    public TimeSpan Limit { get; init; } = DefaultLimit;

    /// <summary>How long to wait for a session that another run holds.</summary>
    public TimeSpan BusyWait { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What a run came to, before it is announced.</summary>
public sealed record RunOutcome(IReadOnlyList<ConversationItem> Input, IReadOnlyList<ConversationItem> Output, RunEnded End);

/// <summary>Whether and what the model must call.</summary>
/// <param name="Mode">None, auto or required.</param>
/// <param name="Allowed">The only tools that may be called; null means all. One name with <c>required</c> is a pinned tool.</param>
public sealed record ToolChoice(ToolChoiceMode Mode, IReadOnlyList<string>? Allowed = null)
{
    public static ToolChoice Auto { get; } = new(ToolChoiceMode.Auto);

    /// <summary>The choice in the terms of the provider seam.</summary>
    public ChatToolMode ToToolMode() => Mode switch
    {
        ToolChoiceMode.None => ChatToolMode.None,
        ToolChoiceMode.Required when Allowed is [var only] => ChatToolMode.RequireSpecific(only),
        ToolChoiceMode.Required => ChatToolMode.RequireAny,
        _ => ChatToolMode.Auto,
    };

    public bool Allows(string tool) => Mode != ToolChoiceMode.None && (Allowed is null || Allowed.Contains(tool, StringComparer.Ordinal));
}

public enum ToolChoiceMode
{
    Auto,
    None,
    Required,
}
