using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Status;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/mcp</c>: configured MCP servers. Scope <c>operator.read</c>.</summary>
public sealed class ListMcpServers(McpStatusHandler handler)
{
    public const string Route = "api/mcp";

    [Function(nameof(ListMcpServers)), GatewayAuth(Scope.OperatorRead), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ListAsync(request, cancellationToken);
}
