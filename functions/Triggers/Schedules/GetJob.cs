using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Schedules;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/cron/{id}</c>: one job. Scope <c>operator.read</c>.</summary>
public sealed class GetJob(JobsHandler handler)
{
    public const string Route = "api/cron/{id}";

    [Function(nameof(GetJob)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetAsync(request.RouteId(), cancellationToken);
}
