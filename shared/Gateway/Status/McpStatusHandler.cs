using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Tools.Mcp;

namespace OpenClaw.Gateway.Status;

/// <summary>How the configured MCP servers do, as this instance knows it.</summary>
public sealed class McpStatusHandler(McpServers servers)
{
    /// <exception cref="GatewayException"><c>404 mcp_server_not_found</c>: <c>probe</c> names none.</exception>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Query["probe"].ToString() is { Length: > 0 } name)
        {
            var probed = await servers.ProbeAsync(name, cancellationToken)
                ?? throw new GatewayException(GatewayError.McpServerNotFound(name));
            return Answer([probed]);
        }

        return Answer(servers.Status);
    }

    private static ApiResult<McpServerList> Answer(IReadOnlyList<McpServerStatus> servers) =>
        new(new McpServerList(servers), StatusJson.Default.McpServerList);
}

/// <summary>Answer of <c>GET /api/mcp</c>.</summary>
internal sealed record McpServerList(IReadOnlyList<McpServerStatus> Servers);
