using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Status;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /health/detailed</c>: providers, channels, memory, storage, uptime. Scope <c>operator.read</c>.</summary>
public sealed class GetHealthDetails(StatusHandler handler)
{
    public const string Route = "health/detailed";

    [Function(nameof(GetHealthDetails)), GatewayAuth(Scope.OperatorRead)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetDetailsAsync(cancellationToken);
}
