using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Sessions;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/sessions/{id}</c>: the action its body names. Scope <c>operator.read</c>; an action may need more.</summary>
public sealed class OperateSession(SessionsHandler handler)
{
    public const string Route = "api/sessions/{id}";

    [Function(nameof(OperateSession)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api, idMayHoldSlash: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.OperateAsync(request, cancellationToken);
}
