using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Responses;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/responses</c>: runs an agent on new input; SSE when <c>stream</c> is true, else JSON. Scope
/// <c>operator.write</c>.</summary>
public sealed class CreateResponse(ResponsesHandler handler)
{
    public const string Route = "v1/responses";

    [Function(nameof(CreateResponse)), GatewayAuth(Scope.OperatorWrite)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CreateAsync(request, cancellationToken);
}
