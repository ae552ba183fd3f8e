using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Keys;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/keys/{id}/rotate</c>: gives a named key a new secret and shows it this once. Scope
/// <c>operator.admin</c>.</summary>
public sealed class RotateApiKey(ApiKeysHandler handler)
{
    public const string Route = "api/keys/{id}/rotate";

    [Function(nameof(RotateApiKey)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.RotateAsync(request, request.RouteId(), cancellationToken);
}
