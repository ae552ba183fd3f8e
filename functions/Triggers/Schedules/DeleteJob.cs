using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Schedules;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>DELETE /api/cron/{id}</c>: deletes a job. Scope <c>operator.admin</c>.</summary>
public sealed class DeleteJob(JobsHandler handler)
{
    public const string Route = "api/cron/{id}";

    [Function(nameof(DeleteJob)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.DeleteAsync(request.RouteId(), cancellationToken);
}
