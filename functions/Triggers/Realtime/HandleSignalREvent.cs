using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Realtime;
using OpenClaw.Gateway.Realtime.SignalR;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /signalr/upstream/{hub}/{category}/{event}</c>: SignalR Service reports what its clients do.</summary>
public sealed class HandleSignalREvent(UpstreamHandler handler)
{
    [Function(nameof(HandleSignalREvent)), GatewayAuth(AuthClass.Service)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = SignalRUpstream.Route)] HttpRequest request,
        CancellationToken cancellationToken)
        => handler.HandleAsync(
            request, request.RouteText("hub"), request.RouteText("category"), request.RouteText("event"), cancellationToken);
}
