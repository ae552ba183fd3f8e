using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.ChatCompletions;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/chat/completions</c>: runs an agent on a conversation; SSE when <c>stream</c> is true, else JSON. Scope
/// <c>operator.write</c>.</summary>
public sealed class CreateChatCompletion(ChatCompletionsHandler handler)
{
    public const string Route = "v1/chat/completions";

    [Function(nameof(CreateChatCompletion)), GatewayAuth(Scope.OperatorWrite)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CreateAsync(request, cancellationToken);
}
