using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Messages;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/messages/count_tokens</c>: estimates the input tokens of a message request. Scope <c>operator.read</c>.</summary>
public sealed class CountMessageTokens(MessagesHandler handler)
{
    public const string Route = "v1/messages/count_tokens";

    [Function(nameof(CountMessageTokens)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Anthropic)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CountAsync(request, cancellationToken);
}
