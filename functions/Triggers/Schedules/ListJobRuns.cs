using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Schedules;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/cron/{id}/runs</c>: the ended runs of a job, newest first. Scope <c>operator.read</c>.</summary>
public sealed class ListJobRuns(JobsHandler handler)
{
    public const string Route = "api/cron/{id}/runs";

    [Function(nameof(ListJobRuns)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ListRunsAsync(request, request.RouteId(), cancellationToken);
}
