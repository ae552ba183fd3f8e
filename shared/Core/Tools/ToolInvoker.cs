using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Tools.Policy;

namespace OpenClaw.Tools;

/// <summary>Makes calls of tools: finds the tool through the policy, bounds time and size, and turns failures into results.</summary>
public sealed partial class ToolInvoker(
    ToolPolicy policy, ToolOverflow overflow, GatewayConfigStore config, TimeProvider time, ILogger<ToolInvoker> logger)
{
    private static readonly ActivitySource Source = new("OpenClaw.Tools");

    /// <summary>Calls a tool by its name.</summary>
    /// <exception cref="GatewayException"><c>404 tool_not_found</c>: unknown or denied. <c>403 tool_blocked</c>: it needs an
    /// approval.</exception>
    public async Task<ToolResult> InvokeAsync(string name, ToolCall call, ToolSurface surface, CancellationToken cancellationToken)
    {
        var tools = await policy.EffectiveAsync(call.Context, surface, cancellationToken);
        var tool = tools.FirstOrDefault(t => t.Name == name) ?? throw new GatewayException(GatewayError.ToolNotFound(name));
        if (policy.RequiresApproval(call.Context, tool))
        {
            throw new GatewayException(GatewayError.ToolNeedsApproval(name));
        }

        return await RunAsync(tool, call, cancellationToken);
    }

    /// <summary>Makes a call of a tool that the policy has left and that needs no approval, or has it. Never fails for a failure of the
    /// tool.</summary>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async Task<ToolResult> RunAsync(ITool tool, ToolCall call, CancellationToken cancellationToken)
    {
        using var span = Source.StartActivity("tool " + tool.Name);
        span?.SetTag("tool.name", tool.Name);
        var started = time.GetTimestamp();
        var seconds = config.Current.Tools.TimeoutSeconds;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        ToolResult result;
        try
        {
            result = await tool.RunAsync(call, both.Token).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            result = ToolResult.Failed($"The tool '{tool.Name}' did not answer within {seconds} seconds.");
        }
        catch (ToolException failure)
        {
            result = ToolResult.Failed(failure.Message);
        }
        catch (GatewayException failure)
        {
            result = ToolResult.Failed(failure.Error.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(failure, tool.Name, call.Id);
            result = ToolResult.Failed($"The tool '{tool.Name}' failed.");
        }

        result = await overflow.FitAsync(result, tool, call, config.Current.Tools.MaxResultChars, cancellationToken);
        span?.SetTag("tool.error", result.IsError);
        var elapsed = time.GetElapsedTime(started).TotalMilliseconds;
        LogCalled(tool.Name, call.Id, call.Context.RunId ?? "none", elapsed, result.IsError);
        return result;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tool {Tool}, call {Call} of run {RunId}: {ElapsedMs} ms, failed: {Failed}")]
    private partial void LogCalled(string tool, string call, string runId, double elapsedMs, bool failed);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tool {Tool} failed in call {Call}")]
    private partial void LogFailed(Exception failure, string tool, string call);
}
