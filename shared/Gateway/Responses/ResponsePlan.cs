using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Input;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses;

/// <summary>Everything that is decided about a response when it is requested; enough to execute it later.</summary>
/// <param name="Body">The request as it was sent.</param>
/// <param name="Selection">Agent and model, the agent resolved.</param>
/// <param name="Session">The session that stores its turn; null stores nothing.</param>
/// <param name="CreatedAt">Unix seconds.</param>
public sealed record ResponsePlan(
    CreateResponseRequest Body, Caller Caller, ModelSelection Selection, SessionKey? Session, string RunId, string ResponseId,
        long CreatedAt)
{
    /// <summary>The agent to run; not stored, it is found again from the selection.</summary>
    [JsonIgnore]
    public Agent? Agent { get; init; }

    /// <summary>The conversation it continues; empty for a first response.</summary>
    public IReadOnlyList<TurnRange> Chain { get; init; } = [];

    /// <summary>Whether its history is the chain and not the session's transcript.</summary>
    public bool IsChain { get; init; }

    /// <summary>The end user: of the request, or else of the chain.</summary>
    public string? User { get; init; }

    /// <summary>When this request arrived, if it has an idempotency key; else null.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    public bool Store => Body.Store ?? true;

    public QueuedRun ToQueuedRun(DateTimeOffset now) => QueuedRun.Create(
        Session ?? throw new InvalidOperationException("A queued response has a session."),
        RunId, QueuedResponses.RunKind, JsonSerializer.Serialize(this, ResponsesJson.Default.ResponsePlan), now);

    /// <param name="history">The conversation of the chain; null leaves it to the session.</param>
    /// <param name="media">Limits for its files and images.</param>
    /// <param name="limit">How long the run may take.</param>
    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public ResponseRun ToRun(IReadOnlyList<ConversationItem>? history, InputRules media, TimeSpan limit, TimeProvider time)
    {
        var input = InputTranslation.ToItems(Body.Input);
        InputCheck.Check(input, media, "input");
        var template = ResponseTemplate.Create(Body, ResponseId, CreatedAt, Selection.Requested);
        var run = new RunRequest
        {
            RunId = RunId,
            Caller = Caller,
            Agent = Agent ?? throw new InvalidOperationException("The plan has no agent."),
            Selection = Selection,
            Session = Session,
            RepeatedAt = RepeatedAt,
            Input = input,
            Media = media,
            InputParam = "input",
            Instructions = Body.Instructions,
            History = history,
            KeepsSystemMessages = IsChain,
            Document = Session is null || !Store ? null : (outcome, own) => ResponseStore.ToDocument(
                new ResponseAssembler(template.Empty, time).ToResponse(
                    [.. outcome.Shown.Select(i => i.ToResponseItem())], outcome.End), this, outcome, own),
            Tools = template.Tools,
            OwnTools = template.OwnTools,
            ToolChoice = template.ToolChoice,
            TruncatesInput = Body.Truncation == "auto",
            MaxToolCalls = Body.MaxToolCalls,
            EnforcesToolChoice = true,
            Options = template.Options,
            Limit = limit,
        };
        return new ResponseRun(run, template.Empty);
    }
}
