using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Input;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses;

/// <summary>All that is decided about a response when it is asked for; enough to execute it at any later time.</summary>
/// <param name="Body">The request as it was sent.</param>
/// <param name="Selection">Agent and model, the agent resolved.</param>
/// <param name="Session">Where its turn is stored; null stores nothing.</param>
/// <param name="CreatedAt">Unix seconds.</param>
public sealed record ResponsePlan(
    CreateResponseRequest Body, Caller Caller, ModelSelection Selection, SessionKey? Session, string RunId, string ResponseId, long CreatedAt)
{
    /// <summary>The agent to run; not stored, it is found again from the selection.</summary>
    [JsonIgnore]
    public Agent? Agent { get; init; }

    /// <summary>The conversation it continues; empty for a first response.</summary>
    public IReadOnlyList<TurnRange> Chain { get; init; } = [];

    /// <summary>Whether the chain is its history, and not what its session holds.</summary>
    public bool IsChain { get; init; }

    /// <summary>The end user, its own or that of the chain.</summary>
    public string? User { get; init; }

    /// <summary>Set when the same request may have come before.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    public bool Store => Body.Store ?? true;

    public QueuedRun ToQueuedRun(DateTimeOffset now) => QueuedRun.Create(
        Session ?? throw new InvalidOperationException("A queued response has a session."),
        RunId, QueuedResponses.RunKind, JsonSerializer.Serialize(this, ResponsesJson.Default.ResponsePlan), now);

    /// <param name="history">The conversation of the chain; null leaves it to the session.</param>
    /// <param name="media">What files and images it may bring.</param>
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
                new ResponseAssembler(template.Empty, time).ToResponse([.. outcome.Output.Select(i => i.ToResponseItem())], outcome.End), this, outcome, own),
            Tools = template.Tools,
            ToolChoice = template.ToolChoice,
            MaxToolCalls = Body.MaxToolCalls,
            EnforcesToolChoice = true,
            Options = template.Options,
            Limit = limit,
        };
        return new ResponseRun(run, template.Empty);
    }
}

/// <summary>A response request, ready to run.</summary>
/// <param name="Empty">The resource before any output.</param>
public sealed record ResponseRun(RunRequest Run, Response Empty);

/// <summary>Reads stored requests for background responses again, on the instance that executes them.</summary>
public sealed class QueuedResponses(RunAdmission admission, ResponseStore responses, RunLimits limits, GatewayConfigStore config, TimeProvider time) : IQueuedRuns
{
    public const string RunKind = "response";

    public string Kind => RunKind;

    /// <inheritdoc/>
    public async Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken)
    {
        var plan = JsonSerializer.Deserialize(queued.Request, ResponsesJson.Default.ResponsePlan)
            ?? throw new InvalidOperationException("The stored request is empty.");
        var history = plan.IsChain ? await responses.ReadConversationAsync(plan.Chain, cancellationToken) : null;
        plan = plan with { Agent = admission.FindAgent(plan.Selection, plan.Caller) };
        return plan.ToRun(history, InputRules.ForResponses(config.Current.Gateway.Http.Endpoints), limits.Background, time).Run;
    }
}
