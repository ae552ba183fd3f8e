using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Gateway.Runs;
using OpenClaw.Runs;
using OpenClaw.Runs.Input;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses;

/// <summary>Decides the agent, the session and the conversation of a response request.</summary>
public sealed class ResponsePreparation(
    RunAdmission admission, ResponseStore responses, IdempotentRequests idempotency, RunLimits limits, GatewayConfigStore config,
        TimeProvider time)
{
    private const string Surface = "openresponses";

    /// <param name="recall">Finds responses that only this connection knows; null where there are none.</param>
    /// <exception cref="GatewayException"><c>400</c>, <c>404 model_not_found</c>, <c>404 previous_response_not_found</c>.</exception>
    public async Task<ResponseRun> PrepareAsync(
        HttpRequest request, CreateResponseRequest body, Func<string, IReadOnlyList<ConversationItem>?>? recall,
            CancellationToken cancellationToken)
    {
        var remembered = body.PreviousResponseId is { } known ? recall?.Invoke(known) : null;
        return await ToRunAsync(await PlanAsync(request, body, remembered is not null, cancellationToken), remembered, cancellationToken);
    }

    /// <param name="isRemembered">Whether the connection itself knows the response to continue.</param>
    /// <exception cref="GatewayException"><c>400</c>, <c>404 model_not_found</c>, <c>404 previous_response_not_found</c>,
    /// <c>422</c>.</exception>
    public async Task<ResponsePlan> PlanAsync(
        HttpRequest request, CreateResponseRequest body, bool isRemembered, CancellationToken cancellationToken)
    {
        var caller = request.RequireCaller();
        body = request.IsIncognito() ? body with { Store = false } : body;
        var selection = request.ReadSelection(caller, body.Model);
        var previous = body.PreviousResponseId is { } id && !isRemembered
            ? await responses.FindAsync(id, caller, cancellationToken) ?? throw NotFound(id)
            : null;
        var agent = admission.FindAgent(selection, caller, selection.Agent ?? previous?.Session.Agent);
        if (previous is not null)
        {
            CheckPrevious(previous, agent.Id);
        }

        var named = request.ReadSession(caller, agent.Id, Surface, body.User);
        if (previous is not null && named is not null && named != previous.Session && (body.User is null || body.User != previous.User))
        {
            throw NotFound(body.PreviousResponseId!);
        }

        // A fork of a user's session has a session of its own, and its continuations stay there.
        var session = named is not null && (previous is null || named == previous.Session)
            ? named
            : await ChooseSessionAsync(caller, agent.Id, previous, body.Store ?? true, cancellationToken);
        var key = IdempotentRequests.ReadKey(request);
        var responseId = ResponseId.New((session ?? SessionStore.Unnamed(caller, agent.Id, Surface)).Partition).ToString();
        var plan = new ResponsePlan(
            body, caller, selection with { Agent = agent.Id }, session, RunId.New(
                session), responseId, time.GetUtcNow().ToUnixTimeSeconds())
        {
            Agent = agent,
            Chain = previous?.Chain ?? [],
            IsChain = named is null || previous is not null,
            User = body.User ?? previous?.User,
        };
        return key is null ? plan : await ClaimAsync(request, plan, key, cancellationToken);
    }

    /// <exception cref="GatewayException"><c>400</c>, <c>404 model_not_found</c>.</exception>
    public async Task<ResponseRun> ToRunAsync(
        ResponsePlan plan, IReadOnlyList<ConversationItem>? remembered, CancellationToken cancellationToken)
    {
        var history = remembered ?? (plan.IsChain ? await responses.ReadConversationAsync(plan.Chain, cancellationToken) : null);
        var run = plan.ToRun(history, InputRules.ForResponses(config.Current.Gateway.Http.Endpoints), limits.Interactive, time);
        admission.FindModels(run.Run);
        return run;
    }

    /// <summary>The plan under an idempotency key: that of the first request with it.</summary>
    private async Task<ResponsePlan> ClaimAsync(HttpRequest request, ResponsePlan plan, string key, CancellationToken cancellationToken)
    {
        var claim = await idempotency.ClaimAsync(
            request, plan.Caller, key, plan.Selection.Agent!, plan.Session, plan.ResponseId, cancellationToken);
        return plan with
        {
            Session = claim.Session,
            RunId = claim.RunId,
            ResponseId = claim.Name ?? plan.ResponseId,
            CreatedAt = claim.CreatedAt.ToUnixTimeSeconds(),
            RepeatedAt = time.GetUtcNow(),
        };
    }

    /// <summary>The session for a response that is stored. A chain continues in its own session, unless a run holds that now: then the
    /// new response gets another session.</summary>
    private async Task<SessionKey?> ChooseSessionAsync(
        Caller caller, string agent, StoredResponse? previous, bool store, CancellationToken cancellationToken)
    {
        if (!store)
        {
            return null;
        }

        return previous is null || await responses.IsHeldAsync(previous.Session, cancellationToken)
            ? SessionStore.Unnamed(caller, agent, Surface)
            : previous.Session;
    }

    private static void CheckPrevious(StoredResponse previous, string agent)
    {
        if (agent != previous.Session.Agent)
        {
            throw NotFound(previous.Response.Id);
        }

        if (!previous.HasEnded || previous.Chain.Count == 0)
        {
            throw new GatewayException(GatewayError.InvalidRequest(
                "The response to continue has no conversation to go on with; wait until it has completed.", "previous_response_id",
                    ErrorCode.PreviousResponseNotCompleted));
        }
    }

    private static GatewayException NotFound(string id) => new(GatewayError.PreviousResponseNotFound(id));
}
