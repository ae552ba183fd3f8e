using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Responses;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/responses/{id}/cancel</c>: ends a background response. Scope <c>operator.write</c>.</summary>
public sealed class CancelResponse(ResponsesHandler handler)
{
    public const string Route = "v1/responses/{id}/cancel";

    [Function(nameof(CancelResponse)), GatewayAuth(Scope.OperatorWrite)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CancelAsync(request, request.RouteId(), cancellationToken);
}
