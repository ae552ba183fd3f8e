using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Devices;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/devices</c>: paired devices, and devices that wait for approval. Scope <c>operator.pairing</c>.</summary>
public sealed class ListDevices(DevicesHandler handler)
{
    public const string Route = "api/devices";

    [Function(nameof(ListDevices)), GatewayAuth(Scope.OperatorPairing), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ListAsync(cancellationToken);
}
