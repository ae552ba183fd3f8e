using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>The outermost step of every invocation: cancels one whose request is gone (see <see cref="ForwardedRequests"/>), and lets no
/// failure of ours out that only says that a client left, or that holds a secret.</summary>
internal sealed class InvocationMiddleware(ForwardedRequests requests, FunctionCatalog catalog, Redactor redactor) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (!catalog.IsHttp(context.FunctionDefinition.Name))
        {
            await InvokeBackgroundAsync(context, next);
            return;
        }

        var invocation = requests.Announce(context.InvocationId, context.CancellationToken);
        try
        {
            await next(new CancellableContext(context, invocation.Token));
        }
        catch (OperationCanceledException) when (invocation.Token.IsCancellationRequested)
        {
            // The client left before its function began. The host knows; to it a failure would be worth seventy lines of log.
        }
        finally
        {
            requests.End(invocation);
        }
    }

    /// <summary>Timers and queue messages have no client: their failures reach the host, which repeats a message that failed.</summary>
    private async Task InvokeBackgroundAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException cancelled) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The host cancelled the invocation.", cancelled); // the package reads the inner exception
        }
        catch (Exception failure)
        {
            throw CleanedException.Of(failure, redactor);
        }
    }
}
