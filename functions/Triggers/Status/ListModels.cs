using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Status;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /v1/models</c>: agents first, then the configured models. Scope <c>operator.read</c>.</summary>
public sealed class ListModels(ModelsHandler handler)
{
    public const string Route = "v1/models";

    [Function(nameof(ListModels)), GatewayAuth(Scope.OperatorRead)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => Task.FromResult(handler.List());
}
