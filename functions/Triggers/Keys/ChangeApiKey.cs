using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Keys;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>PATCH /api/keys/{id}</c>: changes what a named key may do. Scope <c>operator.admin</c>.</summary>
public sealed class ChangeApiKey(ApiKeysHandler handler)
{
    public const string Route = "api/keys/{id}";

    [Function(nameof(ChangeApiKey)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ChangeAsync(request, request.RouteId(), cancellationToken);
}
