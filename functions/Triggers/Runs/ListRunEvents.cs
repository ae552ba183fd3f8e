using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/runs/{id}/events?after=n</c>: the events of a durable run; live as SSE, else those there are. Scope
/// <c>operator.read</c>.</summary>
public sealed class ListRunEvents(RunsHandler handler)
{
    public const string Route = "api/runs/{id}/events";

    [Function(nameof(ListRunEvents)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ListEventsAsync(request, request.RouteId(), cancellationToken);
}
