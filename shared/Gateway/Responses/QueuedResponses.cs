using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Input;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses;

/// <summary>Restores stored requests for background responses, on the instance that executes them.</summary>
internal sealed class QueuedResponses(
    RunAdmission admission, ResponseStore responses, RunLimits limits, GatewayConfigStore config, TimeProvider time) : IQueuedRuns
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
