using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Media;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /v1/files</c>: the caller's files, newest first. Scope <c>operator.read</c>.</summary>
public sealed class ListFiles(FilesHandler handler)
{
    public const string Route = "v1/files";

    [Function(nameof(ListFiles)), GatewayAuth(Scope.OperatorRead)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ListAsync(request, cancellationToken);
}
