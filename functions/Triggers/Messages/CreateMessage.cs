using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Messages;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/messages</c>: Anthropic's Messages API; SSE when <c>stream</c> is true, else JSON. Scope
/// <c>operator.write</c>.</summary>
public sealed class CreateMessage(MessagesHandler handler)
{
    public const string Route = "v1/messages";

    [Function(nameof(CreateMessage)), GatewayAuth(Scope.OperatorWrite), Surface(Surface.Anthropic)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CreateAsync(request, cancellationToken);
}
