using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Functions.CustomHandler;

/// <summary>Runs timer functions, which the host calls as <c>POST /{function}</c>. A client's request for such a path is another
/// one: the host puts an id of its own into everything that it forwards and into nothing that it sends itself.</summary>
public sealed partial class TimerRequests(FunctionCatalog catalog, ILogger logger)
{
    /// <summary>In requests that the host makes.</summary>
    public const string HostHeader = "X-Azure-Functions-InvocationId";

    /// <summary>In requests that the host forwards; a client can set it but not keep it out.</summary>
    public const string ForwardedHeader = "x-ms-invocation-id";

    /// <summary>The host reads the body as the function's outputs; timers have none.</summary>
    private static readonly byte[] Done = """{"Outputs":{},"Logs":[],"ReturnValue":null}"""u8.ToArray();

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var isForwarded = context.Request.Headers.Remove(ForwardedHeader);
        if (isForwarded || Find(context.Request) is not { } function)
        {
            await next(context);
            return;
        }

        try
        {
            await function.Invoke(context.RequestServices, await ReadInfoAsync(context), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            LogFailed(failure, function.Name);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError; // the host counts the invocation as failed
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Done, context.RequestAborted);
    }

    private TimerFunction? Find(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Headers.ContainsKey(HostHeader)
            ? catalog.Timers.FirstOrDefault(timer => request.Path.Equals("/" + timer.Name, StringComparison.Ordinal))
            : null;

    /// <summary>The host sends <c>{"Data":{"timer":{…,"IsPastDue":false}},"Metadata":…}</c>; what cannot be read is an ordinary tick.</summary>
    private static async Task<TimerInfo> ReadInfoAsync(HttpContext context)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return new TimerInfo
            {
                IsPastDue = json.RootElement.TryGetProperty("Data", out var data) && data.EnumerateObject().Any(static input =>
                    input.Value.ValueKind == JsonValueKind.Object
                    && input.Value.TryGetProperty("IsPastDue", out var past) && past.ValueKind == JsonValueKind.True),
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return new TimerInfo();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Timer {Function} failed")]
    private partial void LogFailed(Exception failure, string function);
}
