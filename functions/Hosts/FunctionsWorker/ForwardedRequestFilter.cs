using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>Runs before the package's own middleware, which has no hook there. It refuses requests that the host did not forward, rewrites
/// <c>/api/v1</c> before routing, and announces the request to <see cref="ForwardedRequests"/>. It answers 500 when the host sent no
/// invocation for the request.</summary>
internal sealed partial class ForwardedRequestFilter(ForwardedRequests requests, ILogger<ForwardedRequestFilter> logger) : IStartupFilter
{
    public const string InvocationHeader = "x-ms-invocation-id";

    private const int MaxIdLength = 64;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        app.Use(ApiVersion.RewriteAsync);
        next(app);
    };

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var id = context.Request.Headers[InvocationHeader].ToString();
        if (!IsPlausible(id) || !requests.Arrive(id))
        {
            await ErrorBody.WriteAsync(context, GatewayError.Forbidden("This port serves only the Functions host."));
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; there is no one to answer.
        }
        catch (Exception failure)
        {
            LogFailed(failure);
            await AnswerAsync(context);
        }
        finally
        {
            requests.Leave(id);
        }
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await ErrorBody.WriteAsync(context, GatewayError.Internal());
    }

    private static bool IsPlausible(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');

    [LoggerMessage(Level = LogLevel.Error, Message = "A forwarded request failed outside of its function")]
    private partial void LogFailed(Exception failure);
}
