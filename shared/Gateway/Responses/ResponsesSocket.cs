using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Responses;

/// <summary>Responses over a WebSocket: <c>response.create</c> messages in, events out, one turn at a time. A response that is
/// not stored can be continued on the connection that made it. Source: OpenResponses, WebSocket mode.</summary>
public sealed class ResponsesSocket(
    ResponsesHandler endpoint, ResponsePreparation preparation, RunAdmission admission, RunEngine runs, BodyBudget bodies, HostTraits host,
    Shutdown shutdown, TimeProvider time)
{
    /// <exception cref="GatewayException"><c>426 upgrade_required</c>, <c>404 endpoint_disabled</c>.</exception>
    public IResult Connect(HttpRequest request)
    {
        var limit = endpoint.CheckEnabled();
        if (host.IsWorker || !request.HttpContext.WebSockets.IsWebSocketRequest)
        {
            request.HttpContext.Response.Headers.Upgrade = "websocket";
            throw new GatewayException(GatewayError.UpgradeRequired(host.IsWorker
                ? "WebSockets are not available here; connect through /negotiate, or use POST."
                : "Connect with a WebSocket, or use POST."));
        }

        return new SocketResult(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var messages = new SocketMessages(socket, bodies, context.Request.RequireLiveCaller(), limit);
            using var memory = new RememberedResponses(limit);
            await new ResponsesConnection(preparation, admission, runs, time, context.Request, socket, messages, memory).RunAsync(
                shutdown.Deadline, context.RequestAborted);
        });
    }

    private sealed class SocketResult(Func<HttpContext, Task> run) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => run(httpContext);
    }
}
