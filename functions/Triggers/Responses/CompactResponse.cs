using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Responses;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/responses/compact</c>: puts a conversation in short. Scope <c>operator.write</c>.</summary>
public sealed class CompactResponse(CompactionHandler handler)
{
    public const string Route = "v1/responses/compact";

    [Function(nameof(CompactResponse)), GatewayAuth(Scope.OperatorWrite)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CompactAsync(request, cancellationToken);
}
