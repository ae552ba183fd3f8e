using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/runs/{id}</c>: state and outcome of a durable run. Scope <c>operator.read</c>.</summary>
public sealed class GetRun(RunsHandler handler)
{
    public const string Route = "api/runs/{id}";

    [Function(nameof(GetRun)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetAsync(request, request.RouteId(), cancellationToken);
}
