using Microsoft.Extensions.AI;
using OpenClaw.Models;
using OpenClaw.Security;
using OpenClaw.Security.Rights;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Context;

/// <summary>Model calls that the gateway makes by itself, such as the summary of a long session. They need the same rights as a run, are
/// refused when a budget is used up, and count on their cause. Only this class and the runs themselves call a model.</summary>
public sealed class OwnModelCalls(CallerRights rights, BudgetGuard budgets, UsageLedger usage)
{
    /// <returns>The text of the answer.</returns>
    /// <exception cref="Errors.GatewayException"><c>401</c>, <c>403</c>, <c>402 budget_exceeded</c>, <c>429 token_budget_exceeded</c>,
    /// upstream failures.</exception>
    internal async Task<string> AskAsync(
        ModelCallCause cause, ModelTarget target, IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var caller = await rights.RequireAsync(cause.Caller, Scope.OperatorWrite, cause.Agent, cancellationToken);
        await budgets.CheckAsync(cause.Agent, caller, cancellationToken);
        var answer = await target.Client.GetResponseAsync(messages, new ModelOptions(), cancellationToken);
        usage.Count(caller, cause.Agent, cause.Session, target.Reference, target.Info?.Cost, OutputAssembler.UsageOf(answer.Usage));
        return answer.Text;
    }
}
