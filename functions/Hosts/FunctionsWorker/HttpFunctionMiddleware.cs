using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using OpenClaw.Gateway.Pipeline;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>
/// Runs HTTP functions through the gateway's pipeline, the same way as the self-host does. The host takes the first route that fits, in
/// alphabetical order of function names, and knows no precedence; ASP.NET Core has matched the right one, which is run.
/// </summary>
internal sealed class HttpFunctionMiddleware(FunctionCatalog catalog, GatewayPipeline pipeline) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        http.Request.Headers.Remove(ForwardedRequestFilter.InvocationHeader);
        var function = catalog.FindHttp(http.GetEndpoint()?.DisplayName ?? context.FunctionDefinition.Name);
        using (context.CancellationToken.UnsafeRegister(static state => ((HttpContext)state!).Abort(), http))
        {
            await pipeline.InvokeAsync(http, function.Auth, (request, token) => function.Invoke(context.InstanceServices, request, token));
        }

        if (http.Response.StatusCode == StatusCodes.Status500InternalServerError)
        {
            // counted as a failure
            throw new InvalidOperationException($"{function.Name} answered 500; the log of this invocation has the reason.");
        }
    }
}
