using OpenClaw.Agents;
using OpenClaw.Models;
using OpenClaw.Runs.Input;
using OpenClaw.Runs.Live;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;

namespace OpenClaw.Runs;

/// <summary>One turn of an agent, as every front asks for it.</summary>
public sealed record RunRequest
{
    public static TimeSpan DefaultLimit { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Unique; see <see cref="Sessions.RunId"/>.</summary>
    public required string RunId { get; init; }

    /// <summary>The accepted request that this run executes; null when a caller waits for the answer.</summary>
    public QueuedRun? Queued { get; init; }

    /// <summary>Other accepted requests that this run answers too; see <see cref="QueuedRun.Absorbed"/>.</summary>
    public IReadOnlyList<QueuedRun> Absorbed { get; init; } = [];

    /// <summary>When this request arrived, if it has an idempotency key; else null. A run that has ended since an earlier request with the
    /// key is replayed, not executed again.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>The agent to run; see <see cref="RunAdmission.FindAgent"/>.</summary>
    public required Agent Agent { get; init; }

    /// <summary>What the caller asked for: an agent, and possibly a model in place of the agent's.</summary>
    public required ModelSelection Selection { get; init; }

    /// <summary>The session to continue; null makes the run stateless: nothing of it is stored.</summary>
    public SessionKey? Session { get; init; }

    /// <summary>All the conversation the caller brought, oldest first; system and developer messages among it.</summary>
    public required IReadOnlyList<ConversationItem> Input { get; init; }

    /// <summary>The name of the input in the request, for errors.</summary>
    public string InputParam { get; init; } = "messages";

    /// <summary>The conversation so far, in place of what the session holds: a chain of responses.</summary>
    public IReadOnlyList<ConversationItem>? History { get; init; }

    /// <summary>True for a chain of responses: its system and developer messages are stored, because they apply to later
    /// responses too.</summary>
    public bool KeepsSystemMessages { get; init; }

    /// <summary>Whether the oldest part of a conversation that is too long for the model is left out.</summary>
    public bool TruncatesInput { get; init; }

    /// <summary>Whether <c>/new</c> and <c>/reset</c> at the start of the last message are commands.</summary>
    public bool AllowsCommands { get; init; }

    /// <summary>Whether the front has checked that the sender may begin the conversation anew. Otherwise that needs the scope
    /// <c>operator.admin</c>.</summary>
    public bool MayReset { get; init; }

    /// <summary>Makes what is to be delivered outside the gateway when the run has ended, to be stored with the turn. Only for a queued
    /// run.</summary>
    public Func<RunOutcome, OutboxDraft?>? Reply { get; init; }

    /// <summary>Called when the run begins in this process. It must return at once.</summary>
    public Action<LiveRun>? Begun { get; init; }

    /// <summary>Makes the document to store with the turn.</summary>
    public Func<RunOutcome, TurnRange, StoredDocument>? Document { get; init; }

    /// <summary>Extra system prompt of this run only; never stored.</summary>
    public string? Instructions { get; init; }

    /// <summary>Limits for files and images of the input; null when it has none.</summary>
    public InputRules? Media { get; init; }

    /// <summary>The caller's own function tools.</summary>
    public IReadOnlyList<FunctionTool> Tools { get; init; } = [];

    /// <summary>The only tools of the gateway that the run may have: name to the field of the request that names it. Null: all that policy
    /// leaves, unless the caller brings tools of its own.</summary>
    public IReadOnlyDictionary<string, string>? OwnTools { get; init; }

    /// <summary>Where the run's input came from, for tools and their policy; null for an HTTP surface.</summary>
    public ToolOrigin? Origin { get; init; }

    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>Calls of one answer beyond this many are dropped.</summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>Whether the run fails when a required tool was not called.</summary>
    public bool EnforcesToolChoice { get; init; }

    /// <summary>Sampling and output settings; the engine sets tools and instructions on copies.</summary>
    public ModelOptions Options { get; init; } = new();

    /// <summary>The options of a call of a model for this run.</summary>
    /// <param name="sessionEffort">The reasoning effort of the session's settings, for a request that asks for none.</param>
    /// <param name="own">Tools of the gateway, offered beside the caller's.</param>
    internal ModelOptions ToModelOptions(string? sessionEffort, IEnumerable<FunctionTool>? own = null)
    {
        var options = Options.Copy();
        options.Tools = [.. Tools.Where(t => MayCall(t.Name)), .. own ?? []];
        options.ToolMode = options.Tools.Count > 0 ? ToolChoice.ToToolMode() : null;
        options.IsEffortAsked = options.ReasoningEffort is not null;
        options.ReasoningEffort ??= sessionEffort;
        return options;
    }

    /// <summary>Whether the model may call a tool of this name.</summary>
    public bool MayCall(string tool) => ToolChoice.Allows(tool) && Tools.Any(t => t.Name == tool);

    /// <summary>Whether the run fails without any call of the model.</summary>
    public bool NeedsCall => EnforcesToolChoice && ToolChoice.Mode == ToolChoiceMode.Required;

    /// <summary>How long the run may take.</summary>
    public TimeSpan Limit { get; init; } = DefaultLimit;

    /// <summary>How long to wait for a session that another run holds.</summary>
    public TimeSpan BusyWait { get; init; } = TimeSpan.FromSeconds(30);
}
