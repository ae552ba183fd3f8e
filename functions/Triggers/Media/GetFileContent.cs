using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /v1/files/{id}/content</c>: the content of a file. Scope <c>operator.read</c>.</summary>
public sealed class GetFileContent(FilesHandler handler)
{
    public const string Route = "v1/files/{id}/content";

    [Function(nameof(GetFileContent)), GatewayAuth(Scope.OperatorRead)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ReadAsync(request, request.RouteId(), cancellationToken);
}
