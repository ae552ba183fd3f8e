using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Sessions;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /sessions/{key}/history</c>: a transcript as JSON, or live as SSE; the key is URL-encoded. Scope
/// <c>operator.read</c>.</summary>
public sealed class GetSessionHistory(SessionHistoryHandler handler)
{
    public const string Route = "sessions/{key}/history";

    [Function(nameof(GetSessionHistory)), GatewayAuth(Scope.OperatorRead), Surface(Surface.OpenAi, idMayHoldSlash: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetAsync(request, cancellationToken);
}
