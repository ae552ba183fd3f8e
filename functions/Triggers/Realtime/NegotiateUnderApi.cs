using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Realtime.SignalR;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/negotiate</c>: the same as <see cref="Negotiate"/>, for clients whose hub URL is <c>/api/v1</c>.</summary>
public sealed class NegotiateUnderApi(NegotiateHandler handler)
{
    public const string Route = "api/negotiate";

    [Function(nameof(NegotiateUnderApi)), GatewayAuth(Scope.None), Surface(Surface.Api, takesUrlCredentials: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.NegotiateAsync(request, cancellationToken);
}
