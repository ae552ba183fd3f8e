using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Sessions;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>DELETE /api/sessions/{id}</c>: forgets a session. Scope <c>operator.admin</c>.</summary>
public sealed class DeleteSession(SessionsHandler handler)
{
    public const string Route = "api/sessions/{id}";

    [Function(nameof(DeleteSession)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.Api, idMayHoldSlash: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.DeleteAsync(request, cancellationToken);
}
