using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tools.Approvals;
using OpenClaw.Tools.Mcp;
using OpenClaw.Tools.Policy;

namespace OpenClaw.Tools;

/// <summary>Tools that the gateway runs.</summary>
public static class ToolServices
{
    public static IServiceCollection AddTools(this IServiceCollection services) => services
        .AddSingleton<Toolbox>()
        .AddSingleton<ToolPolicy>()
        .AddSingleton<ApprovalStore>()
        .AddSingleton<ToolOverflow>()
        .AddSingleton<ToolInvoker>()
        .AddSingleton<McpServers>().AddSingleton<IToolSource>(static s => s.GetRequiredService<McpServers>());
}
