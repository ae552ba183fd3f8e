using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Status;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /readyz</c>: storage answers, credentials are configured and the host is not stopping; 503 with the reasons
/// otherwise.</summary>
public sealed class Readyz(HealthHandler handler)
{
    public const string Route = "readyz";

    [Function(nameof(Readyz)), GatewayAuth(AuthClass.Public)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ReadyAsync(cancellationToken);
}
