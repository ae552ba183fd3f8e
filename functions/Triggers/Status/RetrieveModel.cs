using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Status;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /v1/models/{id}</c>: one agent or model; a slash in the id may be encoded. Scope <c>operator.read</c>.</summary>
public sealed class RetrieveModel(ModelsHandler handler)
{
    public const string Route = "v1/models/{*id}";

    private const string Prefix = "/v1/models/";

    [Function(nameof(RetrieveModel)), GatewayAuth(Scope.OperatorRead), Surface(Surface.OpenAi, idMayHoldSlash: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => Task.FromResult(handler.Get(RequestGuard.ReadId(request, Prefix)));
}
