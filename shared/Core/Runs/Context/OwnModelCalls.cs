using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Security;
using OpenClaw.Security.Rights;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Context;

/// <summary>Model calls that the gateway makes by itself, such as the summary of a long session. They need the same rights as a run, are
/// refused when a budget is used up, and count on their cause. Only this class and the runs themselves call a model.</summary>
public sealed class OwnModelCalls(CallerRights rights, BudgetGuard budgets, UsageLedger usage)
{
    /// <summary>Asks once. The tokens are counted also when the caller leaves.</summary>
    /// <returns>The text of the answer.</returns>
    /// <exception cref="GatewayException"><c>401</c>, <c>403</c>, <c>402 budget_exceeded</c>, <c>429 token_budget_exceeded</c>,
    /// upstream failures.</exception>
    internal async Task<string> AskAsync(
        ModelCallCause cause, ModelTarget target, IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var caller = await rights.RequireAsync(cause.Caller, Scope.OperatorWrite, cause.Agent, cancellationToken);
        await budgets.CheckAsync(cause.Agent, caller, cancellationToken);
        var options = new ModelOptions();
        ChatResponse? answer = null;
        var isRefused = false;
        try
        {
            answer = await target.Client.GetResponseAsync(messages, options, cancellationToken);
            return answer.Text;
        }
        catch (GatewayException)
        {
            isRefused = true; // a refusal of the provider costs nothing
            throw;
        }
        finally
        {
            if (!isRefused)
            {
                var used = RunUsage.Of(answer?.Usage).Estimate(
                    () => CallEstimate.OfPrompt(messages, options), () => TokenCounter.Count([answer?.Text ?? ""]));
                usage.Count(caller, cause.Agent, cause.Session, target, used, isRun: false);
            }
        }
    }
}
