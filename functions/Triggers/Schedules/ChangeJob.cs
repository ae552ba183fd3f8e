using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Schedules;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>PATCH /api/cron/{id}</c>: changes a job. Scope <c>operator.admin</c>.</summary>
public sealed class ChangeJob(JobsHandler handler)
{
    public const string Route = "api/cron/{id}";

    [Function(nameof(ChangeJob)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ChangeAsync(request, request.RouteId(), cancellationToken);
}
