using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Runs.Context;

/// <summary>Compacts a session: the model writes a summary, which it is shown from then on. The transcript keeps every item.</summary>
public sealed partial class SessionCompactor(
    SessionStore sessions, AgentCatalog agents, ModelCatalog models, OwnModelCalls calls, GatewayConfigStore config,
    ILogger<SessionCompactor> logger)
{
    /// <summary>Least tokens of one piece; a conversation too long for one call is summarised piece by piece.</summary>
    private const int LeastPiece = 500;

    /// <summary>Compacts the session now.</summary>
    /// <param name="caller">Who pays for the summary.</param>
    /// <param name="wait">How long to wait while a run holds it.</param>
    /// <returns>The session's head afterwards.</returns>
    /// <exception cref="GatewayException"><c>409 session_busy</c>, <c>404 model_not_found</c>, <c>403 agent_not_allowed</c>, <c>402
    /// budget_exceeded</c>, <c>429 token_budget_exceeded</c>, upstream failures.</exception>
    public async Task<SessionHead> CompactAsync(Caller caller, SessionKey key, TimeSpan wait, CancellationToken cancellationToken)
    {
        await using var turn = await sessions.BeginNewTurnAsync(key, wait, cancellationToken);
        if (turn.History.Count > 0)
        {
            var agent = agents.Find(key.Agent) ?? throw new GatewayException(GatewayError.ModelNotFound(key.Agent));
            var reference = turn.Model ?? (agent.Models.Count > 0 ? agent.Models[0] : models.DefaultReference);
            var target = models.Find(reference) ?? throw new GatewayException(GatewayError.AgentModelMissing(agent.Id, reference));
            var cause = new ModelCallCause(caller, agent.Id, key);
            await turn.CompactAsync(await SummarizeAsync(cause, target, turn.History, cancellationToken), cancellationToken);
        }

        await turn.ChangeAsync(static _ => { }, cancellationToken);
        return turn.Head;
    }

    /// <summary>Compacts the session before a prompt that would fill the model's context.</summary>
    /// <param name="cause">Who pays for the summary.</param>
    /// <param name="isTooLong">The model has refused the prompt already.</param>
    /// <returns>Whether the history was compacted.</returns>
    public async Task<bool> TryFitAsync(
        ModelCallCause cause, SessionTurn turn, ModelTarget target, IReadOnlyList<ConversationItem> input, bool isTooLong,
        CancellationToken cancellationToken)
    {
        var settings = config.Current.Agents.Defaults.Compaction;
        if (!settings.Enabled || turn.History is [] or [CompactionItem] || input.Any(i => i is FunctionCallOutputItem)
            || !(isTooLong || IsDue(target, turn.History, input, settings.Threshold)))
        {
            return false;
        }

        try
        {
            var before = TokenEstimate.Of(turn.History);
            await turn.CompactAsync(await SummarizeAsync(cause, target, turn.History, cancellationToken), cancellationToken);
            var after = TokenEstimate.Of(turn.History);
            LogCompacted(turn.RunId, before, after);
            return true;
        }
        catch (GatewayException failure) when (failure.Error.Code != ErrorCode.SessionLeaseLost)
        {
            LogNotCompacted(turn.RunId, failure.Error.Code);
            return false; // the prompt may still go through as it is
        }
    }

    private static bool IsDue(
        ModelTarget target, IReadOnlyList<ConversationItem> history, IReadOnlyList<ConversationItem> input, decimal threshold) =>
        target.Info?.ContextWindow is { } window && TokenEstimate.Of(history) + TokenEstimate.Of(input) > window * threshold;

    private async Task<CompactionItem> SummarizeAsync(
        ModelCallCause cause, ModelTarget target, IReadOnlyList<ConversationItem> history, CancellationToken cancellationToken)
    {
        var most = target.Info?.ContextWindow is { } window ? window / 2 : int.MaxValue / TokenEstimate.CharsPerToken;
        var summary = "";
        foreach (var piece in ConversationText.Cut(history, Math.Max(LeastPiece, most) * TokenEstimate.CharsPerToken))
        {
            var text = summary.Length == 0 ? piece : $"What was said before, in short:\n{summary}\n\n{piece}";
            summary = await calls.AskAsync(
                cause, target, [new ChatMessage(ChatRole.System, Compaction.Instruction), new ChatMessage(ChatRole.User, text)],
                cancellationToken);
        }

        return string.IsNullOrWhiteSpace(summary) ? throw new GatewayException(GatewayError.UpstreamProtocol())
            : Compaction.Create(summary);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} compacted its session: about {Before} tokens became {After}")]
    private partial void LogCompacted(string runId, long before, long after);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} could not compact its session: {Code}")]
    private partial void LogNotCompacted(string runId, string code);
}
