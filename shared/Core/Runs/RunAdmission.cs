using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Calls;
using OpenClaw.Runs.Context;
using OpenClaw.Security;
using OpenClaw.Security.Rights;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>Decides whether a run may begin. A queued run is admitted when it is accepted and again when it is executed. Admission reads
/// storage only when the numbers of a budget are too old.
/// <code>
/// (0) the caller may run the agent now ─► (1) the models to ask exist ─► (2) no budget is used up, and the tools
///     that it names exist
///  ─► (3) /new and /reset are taken out of the input ─► (4) the input makes sense
/// </code></summary>
public sealed class RunAdmission(
    AgentCatalog agents, ModelCatalog models, CallerRights rights, BudgetGuard budgets, OwnToolOffer tools)
{
    /// <summary>The agent that a request asks for. A front calls this once, before admission.</summary>
    /// <param name="id">Agent id, in place of the selection's.</param>
    /// <param name="called">The name the caller gave, for the error; by default as in the selection.</param>
    /// <exception cref="GatewayException"><c>404 model_not_found</c>, <c>403 agent_not_allowed</c>.</exception>
    public Agent FindAgent(ModelSelection selection, Caller caller, string? id = null, string? called = null)
    {
        var agent = agents.Find(id ?? selection.Agent)
            ?? throw new GatewayException(GatewayError.ModelNotFound(called ?? selection.Requested));
        caller.RequireAgent(agent.Id);
        return agent;
    }

    /// <summary>The models to try, first choice first.</summary>
    /// <exception cref="GatewayException"><c>404 model_not_found</c>.</exception>
    public IReadOnlyList<ModelTarget> FindModels(RunRequest request)
    {
        var (agent, model) = (request.Agent, request.Selection.Model);
        IReadOnlyList<string> references = model is not null ? [model] : agent.Models.Count > 0 ? agent.Models : [models.DefaultReference];
        var targets = new List<ModelTarget>(references.Count);
        foreach (var reference in references)
        {
            targets.Add(models.Find(reference) ?? throw new GatewayException(model is not null
                ? GatewayError.ModelNotFound(reference)
                : GatewayError.AgentModelMissing(agent.Id, reference)));
        }

        return targets;
    }

    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>403 missing_scope</c>, <c>403 agent_not_allowed</c>,
    /// <c>404 model_not_found</c>, <c>402 budget_exceeded</c>, <c>429 token_budget_exceeded</c>, <c>400 no_new_input</c>,
    /// <c>400 unknown_call_id</c>.</exception>
    public async ValueTask<AdmittedRun> AdmitAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var caller = await rights.RequireAsync(request.Caller, Scope.OperatorWrite, request.Agent.Id, cancellationToken); // (0)
        request = request with { Caller = caller };
        var targets = FindModels(request); // (1)
        await budgets.CheckAsync(request.Agent.Id, request.Caller, cancellationToken); // (2)
        await tools.CheckAsync(request, targets, cancellationToken);
        var run = SessionCommand.Apply(new AdmittedRun(request, targets)); // (3)
        if (request.History is not null || request.Session is null) // (4) else it depends on what the session holds
        {
            Prompt.CheckInput(
                request.History ?? [], Prompt.NewInput(
                    run.Request.Input, sessionIsEmpty: true, keepSystemMessages: true), request.InputParam);
        }

        return run;
    }
}
