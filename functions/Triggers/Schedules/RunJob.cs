using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Schedules;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/cron/{id}/run</c>: starts a job now. Scope <c>operator.admin</c>.</summary>
public sealed class RunJob(JobsHandler handler)
{
    public const string Route = "api/cron/{id}/run";

    [Function(nameof(RunJob)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.RunAsync(request.RouteId(), cancellationToken);
}
