using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Devices;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/devices/{id}/approve</c>: approves the request of a device; the id is that of the request. Scope <c>operator.pairing</c>.</summary>
public sealed class ApproveDevice(DevicesHandler handler)
{
    public const string Route = "api/devices/{id}/approve";

    [Function(nameof(ApproveDevice)), GatewayAuth(Scope.OperatorPairing), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ApproveAsync(request, request.RouteId(), cancellationToken);
}
