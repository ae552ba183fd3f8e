using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Responses;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /v1/responses/{id}/input_items</c>: the input of a stored response, by page. Scope <c>operator.read</c>.</summary>
public sealed class ListResponseInput(ResponsesHandler handler)
{
    public const string Route = "v1/responses/{id}/input_items";

    [Function(nameof(ListResponseInput)), GatewayAuth(Scope.OperatorRead)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ListInputAsync(request, request.RouteId(), cancellationToken);
}
