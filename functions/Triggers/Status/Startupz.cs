using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Status;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /startupz</c>: the process has started and serves requests.</summary>
public sealed class Startupz
{
    public const string Route = "startupz";

    [Function(nameof(Startupz)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => Task.FromResult(HealthHandler.Started());
}
