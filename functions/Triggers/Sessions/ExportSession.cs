using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Sessions;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/sessions/{id}/export</c>: the transcript as JSON lines. Scope <c>operator.read</c>.</summary>
public sealed class ExportSession(SessionsHandler handler)
{
    public const string Route = "api/sessions/{id}/export";

    [Function(nameof(ExportSession)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api, idMayHoldSlash: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ExportAsync(request, cancellationToken);
}
