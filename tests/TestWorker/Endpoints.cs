using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using OpenClaw.Security;

namespace OpenClaw.TestWorker;

/// <summary>Reads the whole body, then sends it back.</summary>
public sealed class Echo
{
    [Function(nameof(Echo)), GatewayAuth(AuthClass.Public)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "echo")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return TypedResults.Bytes(body.ToArray(), "application/octet-stream");
    }
}

/// <summary>Answers with the request line and headers it sees.</summary>
public sealed class Inspect
{
    [Function(nameof(Inspect)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "put", Route = "inspect/{*rest}")] HttpRequest request,
            CancellationToken cancellationToken)
    {
        var lines = request.Headers.Select(h => $"{h.Key}: {h.Value}").Prepend($"{request.Method} {request.GetEncodedPathAndQuery()}");
        return Task.FromResult<IResult>(TypedResults.Text(string.Join('\n', lines)));
    }
}

public sealed class ThrowError
{
    [Function(nameof(ThrowError)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throw")] HttpRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("secret detail");
}

/// <summary>Shares its route with another function, so that routing itself fails.</summary>
public sealed class OneOfTwo
{
    [Function(nameof(OneOfTwo)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ambiguous")] HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(TypedResults.Ok());
}

public sealed class OtherOfTwo
{
    [Function(nameof(OtherOfTwo)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ambiguous")] HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(TypedResults.Ok());
}

/// <summary>Writes three numbered log lines before it answers.</summary>
public sealed partial class LogLines(ILogger<LogLines> logger)
{
    [Function(nameof(LogLines)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "log")] HttpRequest request, CancellationToken cancellationToken)
    {
        for (var n = 0; n < 3; n++)
        {
            LogLine(n);
        }

        return Task.FromResult<IResult>(TypedResults.Ok());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "line {Number}")]
    private partial void LogLine(int number);
}

/// <summary>Ends the process as the kernel would.</summary>
public sealed class Crash
{
    [Function(nameof(Crash)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "crash")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        return Task.FromResult<IResult>(TypedResults.Ok());
    }
}

/// <summary>Answers with a variable and the working directory, one per line.</summary>
public sealed class ReadEnvironment
{
    [Function(nameof(ReadEnvironment)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "environment/{name}")] HttpRequest request,
            CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(TypedResults.Text(
            $"{Environment.GetEnvironmentVariable($"{request.RouteValues["name"]}")}\n{Directory.GetCurrentDirectory()}"));
}
