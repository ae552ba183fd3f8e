using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Devices;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/devices/{id}/reject</c>: rejects the request of a device; the id is that of the request. Scope <c>operator.pairing</c>.</summary>
public sealed class RejectDevice(DevicesHandler handler)
{
    public const string Route = "api/devices/{id}/reject";

    [Function(nameof(RejectDevice)), GatewayAuth(Scope.OperatorPairing), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.RejectAsync(request.RouteId(), cancellationToken);
}
