using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Responses;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>DELETE /v1/responses/{id}</c>: forgets a stored response. Scope <c>operator.write</c>.</summary>
public sealed class DeleteResponse(ResponsesHandler handler)
{
    public const string Route = "v1/responses/{id}";

    [Function(nameof(DeleteResponse)), GatewayAuth(Scope.OperatorWrite)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.DeleteAsync(request, request.RouteId(), cancellationToken);
}
