using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Tools;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/tools/invoke</c>: the same as <see cref="InvokeTool"/>.</summary>
public sealed class InvokeToolUnderV1(ToolsHandler handler)
{
    public const string Route = "v1/tools/invoke";

    [Function(nameof(InvokeToolUnderV1)), GatewayAuth(Scope.OperatorWrite), Surface(Surface.Tools)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.InvokeAsync(request, cancellationToken);
}
