using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>DELETE /v1/files/{id}</c>: takes a file away. Scope <c>operator.write</c>.</summary>
public sealed class DeleteFile(FilesHandler handler)
{
    public const string Route = "v1/files/{id}";

    [Function(nameof(DeleteFile)), GatewayAuth(Scope.OperatorWrite)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.DeleteAsync(request, request.RouteId(), cancellationToken);
}
