using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Responses;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /v1/responses/{id}</c>: a stored response. Scope <c>operator.read</c>.</summary>
public sealed class GetResponse(ResponsesHandler handler)
{
    public const string Route = "v1/responses/{id}";

    [Function(nameof(GetResponse)), GatewayAuth(Scope.OperatorRead)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.GetAsync(request, request.RouteId(), cancellationToken);
}
