using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>The outermost step of every invocation: cancels one whose client has left (see <see cref="ForwardedRequests"/>). It lets no
/// exception out that only means that a client left, and masks secrets in others.</summary>
internal sealed class InvocationMiddleware(ForwardedRequests requests, FunctionCatalog catalog, Redactor redactor)
    : IFunctionsWorkerMiddleware
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
            // The client left before its function began. The host knows; it would write about seventy lines of log for an exception.
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
