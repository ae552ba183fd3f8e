using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Devices;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/devices/{id}/revoke</c>: ends the tokens of a device, on all instances within seconds. Scope <c>operator.pairing</c>.</summary>
public sealed class RevokeDevice(DevicesHandler handler)
{
    public const string Route = "api/devices/{id}/revoke";

    [Function(nameof(RevokeDevice)), GatewayAuth(Scope.OperatorPairing), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.RevokeAsync(request, request.RouteId(), cancellationToken);
}
