using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Responses;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /v1/responses</c> with an upgrade: responses over a WebSocket, on the self-host; 426 under the Functions host. Scope
/// <c>operator.write</c>.</summary>
public sealed class ConnectResponses(ResponsesSocket socket)
{
    public const string Route = "v1/responses";

    [Function(nameof(ConnectResponses)), GatewayAuth(Scope.OperatorWrite)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => Task.FromResult(socket.Connect(request));
}
