using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Keys;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/keys/{id}</c>: one named key, without its secret. Scope <c>operator.admin</c>.</summary>
public sealed class GetApiKey(ApiKeysHandler handler)
{
    public const string Route = "api/keys/{id}";

    [Function(nameof(GetApiKey)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetAsync(request, request.RouteId(), cancellationToken);
}
