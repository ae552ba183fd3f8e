using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/runs/{id}/cancel</c>: ends a durable run, on whichever instance it is. Scope <c>operator.write</c>.</summary>
public sealed class CancelRun(RunsHandler handler)
{
    public const string Route = "api/runs/{id}/cancel";

    [Function(nameof(CancelRun)), GatewayAuth(Scope.OperatorWrite), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CancelAsync(request, request.RouteId(), cancellationToken);
}
