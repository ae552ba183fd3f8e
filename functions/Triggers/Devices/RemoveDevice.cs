using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Devices;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>DELETE /api/devices/{id}</c>: forgets a device and ends its tokens. Scope <c>operator.pairing</c>.</summary>
public sealed class RemoveDevice(DevicesHandler handler)
{
    public const string Route = "api/devices/{id}";

    [Function(nameof(RemoveDevice)), GatewayAuth(Scope.OperatorPairing), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.RemoveAsync(request, request.RouteId(), cancellationToken);
}
