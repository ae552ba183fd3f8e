using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Status;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/channels</c>: configured channels. Scope <c>operator.read</c>.</summary>
public sealed class ListChannels(StatusHandler handler)
{
    public const string Route = "api/channels";

    [Function(nameof(ListChannels)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ListChannelsAsync(cancellationToken);
}
