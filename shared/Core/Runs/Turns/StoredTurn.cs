using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Context;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Text;

namespace OpenClaw.Runs.Turns;

/// <summary>A turn of a session, held by the session's lease from its beginning to its commit.</summary>
internal sealed partial class StoredTurn : RunTurn
{
    private readonly RunRequest _request;
    private readonly SessionTurn _session;
    private readonly RunReplay _replay;
    private readonly SessionCompactor _compactor;
    private readonly ILogger _logger;

    /// <exception cref="GatewayException"><c>400 no_new_input</c>, <c>400 unknown_call_id</c>.</exception>
    public StoredTurn(AdmittedRun run, SessionTurn session, ModelCatalog models, RunReplay replay, SessionCompactor compactor,
        ILogger logger)
    {
        (_request, _session, _replay, _compactor, _logger) = (run.Request, session, replay, compactor, logger);
        Targets = run.Targets;
        if (run.ResetsSession)
        {
            session.Reset();
        }
        else
        {
            ReasoningEffort = session.Thinking;
            Targets = _request.Selection.Model is null && session.Model is { } own && models.Find(own) is { } target
                ? [target, .. run.Targets] : run.Targets;
        }

        var asked = Prompt.NewInput(_request.Input, session.IsEmpty || _request.History is not null, _request.KeepsSystemMessages);
        Input = session.Events.Count == 0 ? asked : [EventsOf(session), .. asked];
        Prompt.CheckInput(History, Input, _request.InputParam);
    }

    public override bool IsDurable => true;

    public override IReadOnlyList<ConversationItem> History => _request.History ?? _session.History;

    public override IReadOnlyList<ConversationItem> Input { get; }

    public override IReadOnlyList<ModelTarget> Targets { get; }

    public override string? ReasoningEffort { get; }

    public override CancellationToken Lost => _session.Lost;

    public override CancellationToken Cancelled => _session.Journal.Stopped;

    public override int Attempt => _session.Journal.Attempt;

    public override bool IsUndecided => _session.IsOpen && _request.Queued is null;

    public override Task<EarlierAttempt> ReadEarlierAsync(CancellationToken cancellationToken) =>
        _replay.ReadEarlierAsync(_request.Queued, _session, cancellationToken);

    public override Task<IReadOnlyList<string>> ReadLogAsync(CancellationToken cancellationToken) =>
        Attempt > 1 ? _session.ReadLogAsync(cancellationToken) : base.ReadLogAsync(cancellationToken);

    public override Task LogAsync(IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
        _session.LogAsync(entries, cancellationToken);

    public override async Task<bool> TryFitAsync(
        IReadOnlyList<ConversationItem> input, bool isTooLong, CancellationToken cancellationToken) =>
        _request.History is null && await _compactor.TryFitAsync(
            new ModelCallCause(_request.Caller, _request.Agent.Id, _request.Session!), _session, Targets[0], input, isTooLong,
            cancellationToken);

    public override void Record(RunEvent runEvent)
    {
        if (_session.Journal.Records && runEvent is not RunEnded)
        {
            _session.Journal.Add(JsonSerializer.Serialize(runEvent, RunJson.Default.RunEvent));
        }
    }

    public override void EndWithout(RunEnded end) => _session.WithoutTurn = (StateOf(end), ToJson(end));

    public override async Task<RunEnded> CommitAsync(RunOutcome outcome, ModelTarget model, CancellationToken cancellationToken)
    {
        try
        {
            await _session.CommitAsync(ToCommit(outcome, model), cancellationToken);
            return outcome.End;
        }
        catch (GatewayException lost)
        {
            LogNotStored(_session.RunId, lost.Error.Code);
            if (_request.Queued is not null)
            {
                throw; // it stays in the inbox and is tried again
            }

            return new RunFailed(outcome.End.Usage, lost.Error);
        }
    }

    public override Task InterruptAsync(RunOutcome outcome, ModelTarget model) => _session.InterruptAsync(ToCommit(outcome, model));

    public override ValueTask DisposeAsync() => _session.DisposeAsync();

    /// <summary>The events that waited in the session, as one message.</summary>
    private static MessageItem EventsOf(SessionTurn session) =>
        new("user", [new TextPart(string.Join('\n', session.Events.Select(text => "System: " + text)))]) { Id = RandomId.Message() };

    private TurnCommit ToCommit(RunOutcome outcome, ModelTarget model) =>
        new([.. outcome.Input, .. outcome.Output], StateOf(outcome.End))
        {
            InputCount = outcome.Input.Count,
            Document = _request.Document is { } make ? range => make(outcome, range) : null,
            Reply = _request.Reply?.Invoke(outcome),
            Model = model.Reference,
            End = ToJson(outcome.End),
        };

    private static string ToJson(RunEnded end) => JsonSerializer.Serialize(end, RunJson.Default.RunEvent);

    private static string StateOf(RunEnded end) => end switch
    {
        RunCompleted => RunRow.Completed,
        RunIncomplete { Reason: RunIncomplete.Interrupted } => RunRow.Interrupted,
        RunIncomplete => RunRow.Incomplete,
        RunCancelled => RunRow.Cancelled,
        _ => RunRow.Failed,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} could not be stored: {Code}")]
    private partial void LogNotStored(string runId, string code);
}
