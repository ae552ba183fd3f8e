using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using OpenClaw.Security;

namespace OpenClaw.TestWorker;

/// <summary>Sends three events; each waits for the signal <c>{key}-{n}</c>.</summary>
public sealed class Sse(Signals signals)
{
    [Function(nameof(Sse)), GatewayAuth(AuthClass.Public)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sse/{key}")] HttpRequest request, CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        response.ContentType = "text/event-stream";
        await response.StartAsync(cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        for (var n = 0; n < 3; n++)
        {
            await signals.WaitAsync($"{request.RouteValues["key"]}-{n}", cancellationToken);
            await response.WriteAsync($"data: {n}\n\n", cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }

        return TypedResults.Empty;
    }
}

/// <summary>Never answers in full. Signals <c>{key}-started</c> and, when its caller is gone, <c>{key}-aborted</c>.</summary>
public sealed class Hang(Signals signals)
{
    [Function(nameof(Hang)), GatewayAuth(AuthClass.Public)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hang/{key}")] HttpRequest request, CancellationToken cancellationToken)
    {
        var key = request.RouteValues["key"];
        signals.Send($"{key}-started");
        if (request.Query.ContainsKey("stream"))
        {
            await request.HttpContext.Response.WriteAsync("data: 0\n\n", cancellationToken);
            await request.HttpContext.Response.Body.FlushAsync(cancellationToken);
        }

        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        finally
        {
            signals.Send($"{key}-aborted");
        }

        return TypedResults.Empty;
    }
}

/// <summary>Answers only once the worker has begun to stop.</summary>
public sealed class FinishWhenStopping(Signals signals, IHostApplicationLifetime lifetime)
{
    [Function(nameof(FinishWhenStopping)), GatewayAuth(AuthClass.Public)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "finish/{key}")] HttpRequest request, CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStopping.Register(stopping.SetResult);
        signals.Send($"{request.RouteValues["key"]}-started");
        await stopping.Task.WaitAsync(cancellationToken);
        return TypedResults.Text("finished");
    }
}

public sealed class AwaitSignal(Signals signals)
{
    [Function(nameof(AwaitSignal)), GatewayAuth(AuthClass.Public)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "signals/{name}")] HttpRequest request,
            CancellationToken cancellationToken)
    {
        await signals.WaitAsync($"{request.RouteValues["name"]}", cancellationToken);
        return TypedResults.Ok();
    }
}

public sealed class SendSignal(Signals signals)
{
    [Function(nameof(SendSignal)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "signals/{name}")] HttpRequest request,
            CancellationToken cancellationToken)
    {
        signals.Send($"{request.RouteValues["name"]}");
        return Task.FromResult<IResult>(TypedResults.Ok());
    }
}
