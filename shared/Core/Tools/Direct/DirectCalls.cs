using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Security.Rights;
using OpenClaw.Sessions;
using OpenClaw.Text;
using OpenClaw.Tools.Policy;

namespace OpenClaw.Tools.Direct;

/// <summary>Calls of tools by clients.
/// <code>
/// (1) the caller's rights of now ─► (2) the tool, as the policy leaves it ─► (3) arguments against the schema
///  ─► (4) claim the idempotency key; an earlier answer ends it ─► (5) call ─► (6) keep the answer
/// </code></summary>
public sealed class DirectCalls(
    ToolPolicy policy, ToolInvoker invoker, IdempotencyStore claims, CallerRights rights, TimeProvider time)
{
    /// <summary>How long a repeated call waits for the first one's answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Calls a tool, or checks whether it could be called.</summary>
    /// <exception cref="GatewayException"><c>404 tool_not_found</c>, <c>400 invalid_argument</c>, <c>403 tool_blocked</c>, <c>409
    /// tool_call_pending</c>, <c>422 idempotency_mismatch</c>, <c>401</c>, <c>403</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<DirectAnswer> RunAsync(DirectCall call, CancellationToken cancellationToken)
    {
        var context = call.Context;
        context = context with
        {
            Caller = await rights.RequireAsync(context.Caller, Scope.OperatorWrite, context.Agent.Id, cancellationToken), // (1)
        };
        var tools = await policy.EffectiveAsync(context, ToolSurface.Http, cancellationToken); // (2)
        var tool = tools.FirstOrDefault(t => t.Name == call.Tool) ?? throw new GatewayException(GatewayError.ToolNotFound(call.Tool));
        var arguments = ArgumentCheck.WithAction(tool.Schema, call.Arguments, call.Action);
        ArgumentCheck.Check(tool.Schema, arguments); // (3)
        if (call.IsDryRun)
        {
            return policy.RequiresApproval(context, tool) ? throw new GatewayException(GatewayError.ToolNeedsApproval(tool.Name))
                : new DirectAnswer(tool.Name, null);
        }

        return new DirectAnswer(tool.Name, call.Key is { } key
            ? await RunOnceAsync(tool, key, context, arguments, cancellationToken)
            : await InvokeAsync(tool, RandomId.Call(), context, arguments, cancellationToken));
    }

    private async Task<ToolResult> RunOnceAsync(
        ITool tool, IdempotencyKey key, ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var session = SessionKey.Of(context.Caller, context.Agent.Id, key.SessionName(context.Agent.Id));
        var claim = await claims.ClaimAsync(key, RandomId.Run(), session, IdempotencyStore.Answered, cancellationToken); // (4)
        if (!claim.IsNew)
        {
            if (await WaitAsync(key, claim, cancellationToken) is { } earlier)
            {
                return earlier;
            }

            if (!tool.IsRepeatable)
            {
                throw new GatewayException(GatewayError.ToolCallPending());
            }
        }

        // One id for all tries, by which a tool finds what an earlier try has done.
        var result = await InvokeAsync(tool, $"call_{key.SessionName("")[^32..]}", context, arguments, cancellationToken);
        var json = JsonSerializer.Serialize(new KeptResult(result.Parts, result.IsError), DirectJson.Default.KeptResult);
        await claims.SaveAnswerAsync(key, claim, json, cancellationToken); // (6)
        return result;
    }

    private Task<ToolResult> InvokeAsync(
        ITool tool, string id, ToolContext context, JsonElement arguments, CancellationToken cancellationToken) =>
        invoker.InvokeAsync(tool.Name, new ToolCall(id, arguments, context), ToolSurface.Http, cancellationToken); // (5)

    /// <summary>The answer of the first call; null when it does not come.</summary>
    private async Task<ToolResult?> WaitAsync(IdempotencyKey key, IdempotencyClaim claim, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (await claims.FindAnswerAsync(key, claim, cancellationToken) is { } json)
            {
                var kept = JsonSerializer.Deserialize(json, DirectJson.Default.KeptResult)!;
                return new ToolResult(kept.Parts) { IsError = kept.IsError };
            }

            if (time.GetElapsedTime(started) >= Patience)
            {
                return null;
            }

            await Task.Delay(LookInterval, time, cancellationToken);
        }
    }
}
