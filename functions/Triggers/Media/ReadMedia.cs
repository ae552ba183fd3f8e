using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /media/{id}</c>: the content of a file, whole or a range. Scope <c>operator.read</c>, or a ticket for it.</summary>
public sealed class ReadMedia(MediaHandler handler)
{
    public const string Route = "media/{id}";

    [Function(nameof(ReadMedia)), GatewayAuth(AuthClass.GatewayOrTicket, Scope.OperatorRead)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ReadAsync(request, request.RouteId(), cancellationToken);
}
