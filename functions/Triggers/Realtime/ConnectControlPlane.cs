using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Realtime.Sockets;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /ws</c> with an upgrade: the control plane over a WebSocket, on the self-host; 426 under the Functions host. Clients
/// authenticate in their first message, or by <c>?token=</c> or <c>?password=</c>.</summary>
public sealed class ConnectControlPlane(ControlPlaneSocket socket)
{
    public const string Route = "ws";

    [Function(nameof(ConnectControlPlane)), GatewayAuth(AuthClass.Public), Surface(Surface.OpenAi, takesUrlCredentials: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => Task.FromResult(socket.Connect(request));
}
