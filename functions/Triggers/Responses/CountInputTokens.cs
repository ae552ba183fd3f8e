using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Responses;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/responses/input_tokens</c>: estimates the tokens of an input. Scope <c>operator.read</c>.</summary>
public sealed class CountInputTokens(CompactionHandler handler)
{
    public const string Route = "v1/responses/input_tokens";

    [Function(nameof(CountInputTokens)), GatewayAuth(Scope.OperatorRead)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CountAsync(request, cancellationToken);
}
