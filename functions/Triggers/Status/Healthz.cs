using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Status;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /healthz</c>: the same as <c>/health</c>, under the name that orchestrators expect.</summary>
public sealed class Healthz
{
    public const string Route = "healthz";

    [Function(nameof(Healthz)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => Task.FromResult(HealthHandler.Live());
}
