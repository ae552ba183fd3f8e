using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Status;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/usage</c>: tokens and cost by agent, key, model, session or day. Scope <c>operator.read</c>.</summary>
public sealed class GetUsage(UsageHandler handler)
{
    public const string Route = "api/usage";

    [Function(nameof(GetUsage)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetAsync(request, cancellationToken);
}
