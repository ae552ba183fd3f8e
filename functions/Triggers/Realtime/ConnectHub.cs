using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Realtime.SignalR;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>/client</c>: the self-host's own hub for SignalR clients, with a token of <see cref="Negotiate"/>; 404 under the Functions
/// host, where SignalR Service has it.</summary>
public sealed class ConnectHub(LocalHub hub)
{
    public const string Route = LocalHub.Path + "/{*rest}";

    [Function(nameof(ConnectHub)), GatewayAuth(AuthClass.Service), Surface(Surface.OpenAi, takesUrlCredentials: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "delete", Route = Route)] HttpRequest request,
        CancellationToken cancellationToken)
        => hub.ConnectAsync(request, cancellationToken);
}
