using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenClaw.Functions.Worker.Protocol;
using OpenClaw.Http;

namespace OpenClaw.Functions.Worker;

/// <summary>Ties each forwarded request to its invocation. The endpoint runs at once, only the answer to the host waits for both
/// sides. Whoever calls the loopback port without an invocation id is not the host and is refused.</summary>
public sealed partial class InvocationMiddleware(InvocationTable invocations, ILogger logger)
{
    public const string Header = "x-ms-invocation-id";
    private const int MaxIdLength = 64;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var id = context.Request.Headers[Header].ToString();
        if (!IsPlausible(id) || invocations.Attach(id, context.Abort) is not { } invocation)
        {
            await ErrorBody.WriteAsync(context, GatewayError.Forbidden("This port serves only the Functions host."));
            return;
        }

        context.Request.Headers.Remove(Header);
        Invocation.Current = invocation;
        invocations.Finish(invocation, await RunAsync(context, next));
    }

    private async Task<StatusResult> RunAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            await context.Response.CompleteAsync();
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return Outcome.Cancelled();
        }
        catch (Exception failure)
        {
            LogFailed(failure);
            await AnswerAsync(context);
            return Outcome.Failure(failure);
        }

        return context.RequestAborted.IsCancellationRequested ? Outcome.Cancelled()
            : context.Response.StatusCode == StatusCodes.Status500InternalServerError ? Outcome.Failure("The function answered 500; its log has the reason.")
            : Outcome.Success();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        try
        {
            await ErrorBody.WriteAsync(context, GatewayError.Internal());
            await context.Response.CompleteAsync();
        }
        catch (Exception)
        {
            context.Abort();
        }
    }

    private static bool IsPlausible(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed outside of its function")]
    private partial void LogFailed(Exception failure);
}
