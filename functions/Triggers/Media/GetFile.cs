using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /v1/files/{id}</c>: what is known of a file. Scope <c>operator.read</c>.</summary>
public sealed class GetFile(FilesHandler handler)
{
    public const string Route = "v1/files/{id}";

    [Function(nameof(GetFile)), GatewayAuth(Scope.OperatorRead)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetAsync(request, request.RouteId(), cancellationToken);
}
