using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/media/{id}</c>: what is known of a file, with a fresh link. Scope <c>operator.read</c>.</summary>
public sealed class GetMedia(MediaHandler handler)
{
    public const string Route = "api/media/{id}";

    [Function(nameof(GetMedia)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetAsync(request, request.RouteId(), cancellationToken);
}
