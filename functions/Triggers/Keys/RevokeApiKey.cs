using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Keys;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>DELETE /api/keys/{id}</c>: ends a named key for good, on all instances within seconds. Scope
/// <c>operator.admin</c>.</summary>
public sealed class RevokeApiKey(ApiKeysHandler handler)
{
    public const string Route = "api/keys/{id}";

    [Function(nameof(RevokeApiKey)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.RevokeAsync(request, request.RouteId(), cancellationToken);
}
