using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Tools;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /tools/invoke</c>: calls one tool of the gateway. Scope <c>operator.write</c>.</summary>
public sealed class InvokeTool(ToolsHandler handler)
{
    public const string Route = "tools/invoke";

    [Function(nameof(InvokeTool)), GatewayAuth(Scope.OperatorWrite), Surface(Surface.Tools)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.InvokeAsync(request, cancellationToken);
}
