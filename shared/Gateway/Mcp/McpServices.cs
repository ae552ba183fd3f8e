using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Mcp;

internal static class McpServices
{
    public static IServiceCollection AddMcpServer(this IServiceCollection services) => services.AddSingleton<McpHandler>();
}
