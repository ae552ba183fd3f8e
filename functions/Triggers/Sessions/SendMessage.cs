using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Sessions.Chat;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/chat</c>: one message into a session; SSE when <c>stream</c> is true, else JSON. Scope
/// <c>operator.write</c>.</summary>
public sealed class SendMessage(SessionChatHandler handler)
{
    public const string Route = "api/chat";

    [Function(nameof(SendMessage)), GatewayAuth(Scope.OperatorWrite), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.SendAsync(request, cancellationToken);
}
