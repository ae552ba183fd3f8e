using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>DELETE /api/media/{id}</c>: takes a file away. Scope <c>operator.write</c>.</summary>
public sealed class DeleteMedia(MediaHandler handler)
{
    public const string Route = "api/media/{id}";

    [Function(nameof(DeleteMedia)), GatewayAuth(Scope.OperatorWrite), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.DeleteAsync(request, request.RouteId(), cancellationToken);
}
