using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tools.Approvals;
using OpenClaw.Tools.BuiltIn;
using OpenClaw.Tools.BuiltIn.Files;
using OpenClaw.Tools.BuiltIn.Memory;
using OpenClaw.Tools.BuiltIn.Web;
using OpenClaw.Tools.Direct;
using OpenClaw.Tools.Mcp;
using OpenClaw.Tools.Policy;
using OpenClaw.Tools.Workspace;

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
        .AddSingleton<McpServers>().AddSingleton<IToolSource>(static s => s.GetRequiredService<McpServers>())
        .AddSingleton<DirectCalls>()
        .AddBuiltInTools();

    private static IServiceCollection AddBuiltInTools(this IServiceCollection services) => services
        .AddSingleton<IToolSource, BuiltInTools>()
        .AddSingleton<WorkspaceStore>()
        .AddSingleton<ITool, FsRead>()
        .AddSingleton<ITool, FsList>()
        .AddSingleton<ITool, FsWrite>()
        .AddSingleton<ITool, FsDelete>()
        .AddSingleton<ITool, FsSearch>()
        .AddSingleton<ITool, ImageTool>()
        .AddSingleton<ITool, WebFetch>()
        .AddSingleton<MemoryVectors>()
        .AddSingleton<ITool, MemorySearch>()
        .AddSingleton<ITool, MemoryGet>();
}
