using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Sessions;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/sessions/{id}</c>: one session. Scope <c>operator.read</c>.</summary>
public sealed class GetSession(SessionsHandler handler)
{
    public const string Route = "api/sessions/{id}";

    [Function(nameof(GetSession)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api, idMayHoldSlash: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetAsync(request, cancellationToken);
}
