using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Schedules;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/cron</c>: a new job. Scope <c>operator.admin</c>.</summary>
public sealed class CreateJob(JobsHandler handler)
{
    public const string Route = "api/cron";

    [Function(nameof(CreateJob)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CreateAsync(request, cancellationToken);
}
