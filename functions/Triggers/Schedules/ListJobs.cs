using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Schedules;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/cron</c>: the jobs. Scope <c>operator.read</c>.</summary>
public sealed class ListJobs(JobsHandler handler)
{
    public const string Route = "api/cron";

    [Function(nameof(ListJobs)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ListAsync(cancellationToken);
}
