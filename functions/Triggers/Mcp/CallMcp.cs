using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Mcp;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /mcp</c>: the gateway's tools for clients of the Model Context Protocol. Scope <c>operator.write</c>.</summary>
public sealed class CallMcp(McpHandler handler)
{
    public const string Route = "mcp";

    [Function(nameof(CallMcp)), GatewayAuth(Scope.OperatorWrite), Surface(Surface.Mcp)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CallAsync(request, cancellationToken);
}
