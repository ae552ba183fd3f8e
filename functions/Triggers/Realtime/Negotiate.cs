using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Realtime.SignalR;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /negotiate</c>: where a SignalR client connects, and with which token. Any credential; its rights are those of the
/// connection.</summary>
public sealed class Negotiate(NegotiateHandler handler)
{
    public const string Route = "negotiate";

    [Function(nameof(Negotiate)), GatewayAuth(Scope.None), Surface(Surface.OpenAi, takesUrlCredentials: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.NegotiateAsync(request, cancellationToken);
}
